# By number, however it is written.
> 国办发[2019]13号文原文
> 國務院令第７６５號在哪里看
> 找下粤府函2025 23号
# By title, and by what it says.
> 工伤保险条例最新版哪里下载
> 外卖骑手职业伤害保障的通知原文找给我
> 医保共济的实施细则链接
# Which one is not said: asked, and whatever is answered is looked for.
> 找一份红头文件
> 失业金标准
> 看原文
> 民办教师教龄补助
# A number that nobody has on file.
> 国发〔1997〕26号文件内容是什么
# The basis of a guide, with number and day from the library.
> 异地就医备案依据哪份文件
