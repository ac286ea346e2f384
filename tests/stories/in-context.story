# Follow-up, correction, another question inside an open one.
as somebody
> 今年养老交了几个月
> 那医保呢
> 不对，是去年
> 2024年呢
> 社保卡丢了怎么办
> 要带什么材料
> 要多久
> 我哪年哪月能退休
> 社保卡丢了去哪里办
> 1975年8月
> 女的，工人
