# An answer is put right without starting again; only what hung on it is asked again.
> 我什么时候退休
> 1973年5月
> 不对，是1972年
> 改上一项
> 1971年8月
> 上一步
> 1971年9月
> 女
> 改一下出生年月
> 1970年3月
> 不对，是1971年

# A bare value beside an open choice means the question of its kind that was answered last, or none: 25 years stay.
> 我交了25年，账户12万，退休能领多少
> 1966年5月
> 男的
> 有
> 博罗
> 5年
> 6年
> 1
> 对
