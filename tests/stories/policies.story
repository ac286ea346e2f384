# What is laid down, and the sides of it that a policy treats.
> 断缴三个月医保会清零吗
> 依据
> 社保要交满多少年才能退休
> 材料
> 养老金今年涨的幅度出来没
> 费用
> 2024年养老金涨了多少钱
> 五险公司交多少我交多少
> 去哪里办
> 网上能办吗
> 延迟退休怎么规定的
> 弹性退休要什么条件
# A number that is not on file, and a title that is near.
> 国发〔1999〕999号 工伤保险条例
