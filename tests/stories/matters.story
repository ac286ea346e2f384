# An opinion, without a name. Long first words are offered as what is to be kept.
> 昨天下午三点江北窗口的人一直看手机，问两次都不理，我要投诉
* 1
> 不留
> 提交
> 查一下编号202611249923814
> 再说一遍
# Short words ask for the text; a long one is written down, whatever it sounds like.
> 提意见
> 在这里写意见投诉
> 建议在大厅多放几张凳子，老人家排队查社保卡办好没有要站一个多钟，转人工也等很久
> 留电话
> 12
> 13800135678
> 改一下
> 建议大厅多放几张凳子
> 再见
# Whoever comes next sees the state alone.
> 202611249923814
# Dropped on the way.
> 我要投诉
* 1
> 取消
> 我要投诉
* 1
> 窗口的人态度不好
* 2
> 算了
# A disclosure request: what is public comes first.
> 怎么申请信息公开
> 在这里填公开申请
> 2023年惠州市社保基金审计报告全文
> 邮寄
> 惠州市惠城区江北街道一号
> 13800135678
> 张三
> 441399199003070015
> 提交
