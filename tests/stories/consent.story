# Nobody agrees by the way.
> 我的医保报销记录
> 不对，是 1972 年
> 这样行不行啊
> 好像不太好
> 重新开始
# Treatments need a consent of their own, and a check of five minutes at most.
> 我的医保报销记录
@ person
* 2
> 我的医保报销记录
* 1
> 不同意
> 我的医保报销记录
> 失业金怎么领
> 同意
@ person
@ code
+ 6
> 去年养老交了几个月
> 我的医保报销记录
@ person
@ code
> 再见
> 我的医保报销记录
