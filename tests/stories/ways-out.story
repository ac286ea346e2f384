# A person who is chosen from a list drops the check that waits.
> 这单医保付了多少
> 不对，是 1972 年
> 转人工
> 谢谢
# One check serves a further question that needs it at a later step; both are answered after it.
> 医保账户余额
> 退休能领多少
> 查我的记录来算
> 同意
@ person
@ code
# A form inside a form: the first is led back to.
> 我哪年退休
> 失业金能领几个月
> 单位不要我了
> 3年
> 没有
> 1975年3月
> 男
