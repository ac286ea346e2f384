# Elsewhere a number alone tells little; who left it sees all after the check.
> 202611249191164
* 1
> 同意
@ person
@ code
# No case on file, but something left here.
as 1
> 我要投诉
* 1
> 窗口排队太久
> 不留
> 提交
> 我的申请办到哪一步了
