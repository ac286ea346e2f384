# Away from a hall's terminal no card counts; the other ways stay open.
> 去年养老交了几个月
> 同意
@ card
