# Who looked: only after the check, only at one's own, and with what was tried in vain.
> 谁查过我妈的信息
> 谁查过我的信息
> 同意
@ person
@ wrong-code
@ code
> 养老个人账户有多少钱
> 在养老账户之外，有没有人查过我的社保记录
> 边个查过我嘅资料
> 再说一遍
