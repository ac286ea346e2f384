# The question waits while the person reads what is done with their data, and shows who they are.
> 去年养老交了几个月
> 为什么
> 不同意
> 去年养老交了几个月
> 同意
> 我叫王小明
> 441399199913010011
> 441399
> 441399196501010177
> 44139919650101017X
> 123456
> 重发验证码
> 那我先不查了，取消
> 医保账户余额
@ person
@ wrong-code
@ code
> 那养老账户呢
+ 20
> 医保账户余额
# A child's record is asked for elsewhere.
> 我叫王小小
> 441399201905010038
