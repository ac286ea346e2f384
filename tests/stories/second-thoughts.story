# Minds changed in the middle of the identity check.
> 去年养老交了几个月，还有医保余额
> 同意
> 谢谢
> 张三
> 441399196501010177
> 没收到验证码
> 名字写错了，我叫李四
> 失业金怎么领
@ person
@ code
> 再说一遍
> 我妈的养老金发了没有
> 养老和医保今年各交了几个月
> 1
> 拜拜
> 医保余额
