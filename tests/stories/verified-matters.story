as somebody
> 我的申请办到哪一步了
> 我要投诉
* 1
> 去年的申请拖了半年没人理
> 不留
> 提交
# Name and number are on file: a disclosure request asks for neither.
> 我想依申请公开惠州市近三年社保基金收支情况，请问怎样提交
* 1
> 电子版
> someone@example.com
> 13800135678
> 好
> 我的申请办到哪一步了
+ 20
> 202611249191164
> 202611249923814
