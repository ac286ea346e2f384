# Paid at a wage or an index that one knows; nothing known of the account.
> 帮我算下养老金
> 自己报
> 1985年3月
> 男
> 20年
> 0
> 我说个工资数
> 5000元
> 好
> 帮我算下养老金
> 自己报
> 1985年3月
> 男
> 20年
> 6万
> 我知道缴费指数
> 0.8
> 1
# Unemployment pay, where who left whom is not clear.
> 失业金能领几个月
> 不清楚
> 5年
> 没有
