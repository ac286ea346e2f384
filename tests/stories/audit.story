# Who looked: only after the check, and only at one's own.
> 谁查过我妈的信息
> 谁查过我的信息
> 不查了，取消
as 23
> 养老个人账户有多少钱
> 在养老账户之外，有没有人查过我的社保记录
> 边个查过我嘅资料
> 再说一遍
