/**
 * Every word that the page itself says, in simplified Chinese; what the desk says comes with its replies.
 *
 * A button has at most fifteen characters. Other languages will be further objects of this shape.
 */
export const words = {
  brand: { name: '问办', place: '惠州社保' },

  header: {
    textSize: '大字',
    contrast: '高对比',
  },

  footer: {
    label: '常用按钮',
    home: '返回首页',
    end: '结束',
    help: '人工帮助',
    /** What 人工帮助 says to the desk. */
    helpSaid: '转人工',
  },

  home: {
    title: '您好，请问要办什么？',
    hint: '点一项，或者写下您的问题',
    matters: '常办事项',
    ask: '写下您的问题',
    placeholder: '例如：去年养老交了几个月',
    resume: '继续刚才的对话',
  },

  conversation: {
    title: '对话',
    log: '对话记录',
    you: '您说',
    desk: '问办答复',
    waiting: '正在查询，请稍候',
    unanswered: '这句话没有得到答复',
    sources: '依据',
    answer: '您的回答',
    more: '还想问什么？',
    send: '发送',
    choices: '可选项',
  },

  input: {
    confirm: '确定',
    clear: '清空',
    erase: '退格',
    pad: '数字键盘',
    asText: '改用文字回答',
    asPad: '改用按键回答',
    empty: '请先输入',
    entered: (n: number) => `已输入 ${n} 位`,
    noCardReader: '本机没有接读卡器。请选下面的办法，或按「人工帮助」到窗口办理。',
  },

  identity: {
    title: '请核对您的身份',
    privacy: '只用于这次查询，离开时自动清除。输入时请留意身边的人。',
    name: '姓名',
    number: '身份证号',
    submit: '下一步',
    /** What the log shows in place of name and number. */
    given: '已填写姓名和身份证号',
    other: '先不查，问别的',
    noName: '请先填写姓名',
  },

  code: {
    title: '请输入短信验证码',
    hint: '6 位数字，已发到您登记的手机上',
    given: '已输入验证码',
  },

  problem: {
    idLength: '身份证号要有 18 位，请再看一遍',
    idDate: '身份证号里的出生日期（第 7 到 14 位）不对，请再看一遍',
    idCheck: '身份证号有一位不对，请从头核对',
    phone: '手机号要有 11 位，以 1 开头',
    code: '验证码是 6 位数字',
    date: '没有这一天，请按年、月、日输入 8 位数字',
    month: '没有这个月，请按年、月输入 6 位数字',
  },

  block: {
    start: '开始',
    end: '结果',
    step: (n: number) => `第 ${n} 步`,
    then: (n: number) => `接着看第 ${n} 步`,
    over: (text: string) => `到此为止：${text}`,
    done: '已完成',
    now: '进行中',
    todo: '未开始',
    total: '合计',
    info: '提示',
    warning: '请注意',
    checkCode: '查验码',
    checkAt: '查验网址',
    savePaper: '存成 PDF，好打印',
  },

  failure: {
    unreachable: '网络不通，暂时连不上',
    tooLong: '等得太久了，还没有结果',
    unreadable: '没有读懂系统的答复',
    unknown: '暂时办不了，请稍后再试',
    again: '再试一次',
  },

  scroll: { up: '上一页', down: '下一页' },

  idle: {
    title: '您还在吗？',
    left: (seconds: number) => `${seconds} 秒后自动结束，并清除屏幕上的内容。`,
    stay: '我还在',
    end: '结束',
  },
} as const;
