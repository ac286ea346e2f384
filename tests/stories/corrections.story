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

