# Unemployment: straight, with a correction.
> 失业金我能领几个月
> 随便
> 被裁员了
> 很久
> 3年2个月
> 没领过
> 不对，是10年
# Filled by the first message; what is left over is asked for in months.
> 被炒了 交了3年2个月 每月领多少
> 有没领完的
> 36
> 对
> 4
> 我自己辞职的 失业金能领几个月
> 失业金能领几个月
> 2
> 8个月
> 没有
> 失业金能领几个月
> 1
> 70年
> 取消
# A pension: by one's own figures.
> 帮我算下养老金
> 2
> 1980年5月
> 男
> 20年
> 6万
> 没有
> 1
> 不对，账户是8万元
> 改一下出生年月
> 1981年6月
> 对
> 不对，账户是9万元
# Filled by the first message; work before the accounts; nonsense on the way.
> 我交了25年，指数0.8，账户12万，退休能领多少
> 1966年5月
> 男的
> 有
> 博罗
> 30年
> 对
> 5年
> 帮我算下养老金
> 自己报
> 1990年3月
> 女，不清楚
> 60年
> 10年
> 0
> 指数
> 很高
> 对
> 9
> 0.6
# Bases.
> 自己交社保一个月要多少
> 1
> 那8000元呢
> 按5000的基数自己缴，帮我算下一个月多少
> 基数选六千 自己交要出多少
> 按最低的交 一年要几多
> 自己交社保一个月要多少
> 自己定
> 500元
> 6000
# The farmers' pension has a figure that is not published.
> 居民养老每年交1800，六十岁后每月领多少
# By the record: the check comes first; who draws a pension needs no estimate.
> 我退休能领多少
> 1
> 同意
@ person
@ code
# Checked already: the record is read without a question.
as 3
> 养老金测算
> 那按25年算呢
> 取消
as 8
> 养老金测算
> 不清楚
as 6
> 养老金测算
> 1
# A choice that an answer in between offers stays beside the question it leads back to; a 1 is an answer there.
> 失业金能领几个月
> 1
> 政府信息公开怎么申请
> 1
> 没有
* 1-1
