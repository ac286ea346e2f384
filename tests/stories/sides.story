# What matters first; then bare words ask for one side of the guide at hand.
> 失业金怎么领
> 材料
> 费用
> 多少钱
> 要多久
> 期限
> 地点呢
> 网上
> 步骤
> 依据
> 看完整办法
# After a guide without an amount, the fee is what there is to say.
> 社保卡挂失怎么办
> 多少钱
> 2
# Without a guide at hand, a bare word is asked back.
> 我要重新开始
> 今年养老交了几个月
> 材料
