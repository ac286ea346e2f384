as somebody
> 我的申请办到哪一步了
> 查一下受理编号202601020000010
> 202606150000421
# One of theirs, and one of somebody else's.
> 202607110000013
> 202606150000420
