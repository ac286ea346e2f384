-- last_message: the message whose reply is the one to be said again; null: none is. The session itself holds it no longer.
--
-- SQLite's two tables change their form with it; here rows never lie in the key's tree.
alter table conversations add column last_message text;
