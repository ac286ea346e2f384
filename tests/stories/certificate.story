as somebody
> 我要打印参保证明
* 1
> 全部
> 全部
> 对
> 那医保呢
# What was named before is not asked for again.
> 打印养老保险 2023 年的参保证明
* 1
> 开证明
> 打印参保证明
* 1
> 不知道啊
> 医保
> 三个月的
> 2021 年到 2022 年
> 2021 年 3 月
> 2022年12月
> 改一下险种
> 工伤
> 对
> 打印参保证明
* 1
> 全部险种
> 最近一年
> 不开了
> 打印居民医保的参保证明
* 1
> 自己选月份
> 1998 年 1 月
> 1998 年 2 月
> 对
# Level 3 lapses five minutes after the check.
+ 6
> 打印参保证明
* 1
> 养老
> 最近两年
> 对
@ person
@ code
