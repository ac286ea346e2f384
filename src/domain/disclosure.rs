//! How much of somebody's own records a channel may tell (security.md §6, CHN-01).

use std::str::FromStr;

use super::message::ChannelKind;

/// The ceiling of a channel, from the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ceiling {
    /// Nothing of anybody, and nobody is checked.
    None,
    /// Nothing here: a link leads to the desk's own page.
    Link,
    /// Figures, dates and states, without whole names, numbers of accounts and cards, employers, hospitals and written words.
    Facts,
    /// All that is on file.
    Full,
}

impl FromStr for Ceiling {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "link" => Ok(Self::Link),
            "facts" => Ok(Self::Facts),
            "full" => Ok(Self::Full),
            _ => Err(format!("`{text}` is none of none, link, facts, full")),
        }
    }
}

/// Where somebody's own records are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// In this channel, to whom they are about.
    Here,
    /// Not in this channel, or whoever asks cannot be known in it.
    Elsewhere,
}

/// The ceiling of every channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ceilings {
    /// Halls' terminals.
    pub kiosk: Ceiling,
    /// The portal.
    pub web: Ceiling,
    /// The operator's own terminal.
    pub terminal: Ceiling,
    /// Telegram.
    pub telegram: Ceiling,
    /// WeChat.
    pub wechat: Ceiling,
}

impl Default for Ceilings {
    /// As in production (security.md §6): what a state organ knows of people does not leave through Telegram (个人信息保护法 art. 36).
    fn default() -> Self {
        Self { kiosk: Ceiling::Full, web: Ceiling::Full, terminal: Ceiling::Full, telegram: Ceiling::Link, wechat: Ceiling::Facts }
    }
}

impl Ceilings {
    /// A channel's.
    pub fn of(&self, channel: ChannelKind) -> Ceiling {
        match channel {
            ChannelKind::Kiosk => self.kiosk,
            ChannelKind::Widget => self.web,
            ChannelKind::Terminal => self.terminal,
            ChannelKind::Telegram => self.telegram,
            ChannelKind::Wechat => self.wechat,
        }
    }

    /// Sets one, as the command line names it: `telegram=facts`. Errors say what is wrong with it.
    pub fn set(&mut self, named: &str) -> Result<(), String> {
        let (channel, ceiling) = named.split_once('=').ok_or_else(|| format!("`{named}` is not CHANNEL=CEILING"))?;
        let of = match channel {
            "kiosk" => &mut self.kiosk,
            "web" => &mut self.web,
            "telegram" => &mut self.telegram,
            "wechat" => &mut self.wechat,
            _ => return Err(format!("`{channel}` is none of kiosk, web, telegram, wechat")),
        };
        *of = ceiling.parse()?;
        Ok(())
    }
}
