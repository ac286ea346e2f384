/** The six matters on the first screen: what most people come for. */

import type { IconName } from '../ui/icons';

export interface Matter {
  readonly icon: IconName;
  readonly name: string;
  readonly hint: string;
  /** What the tile says to the desk, in a resident's words. */
  readonly says: string;
}

export const matters: readonly Matter[] = [
  { icon: 'pension', name: '查养老', hint: '缴费明细和年限', says: '我的养老保险缴费' },
  { icon: 'medical', name: '查医保', hint: '个人账户余额', says: '医保账户余额' },
  { icon: 'unemployment', name: '失业金', hint: '能不能领、怎么领', says: '失业金怎么领' },
  { icon: 'card', name: '社保卡', hint: '申领、挂失、激活', says: '社保卡' },
  { icon: 'calendar', name: '退休年龄', hint: '算算哪年哪月', says: '我哪年哪月能退休' },
  { icon: 'progress', name: '办件进度', hint: '申请办到哪一步', says: '我的申请办到哪一步了' },
];
