# What moves from town to town, and what is asked of the unemployed.
> 医保怎么从深圳转到惠州
> 要多久
> 东莞的养老怎么转来惠州
> 网上能办吗
> 我想回江西领失业金 怎么转
> 材料
> 被厂里炒了怎么领失业金
> 条件
> 看完整办法
# A guide without a last day, and one that differs from place to place.
> 社保卡怎么激活
> 最晚什么时候申请
> 小孩医保怎么买
> 看完整办法
