-- Schema 9 with a few rows, as the code of that time wrote them.
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'tracker','schema_1','2026-11-24 21:46:06.408427+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'tracker','schema_2','2026-11-24 21:46:06.409960+00:00');
INSERT INTO _sqlite_migrations VALUES(3,'tracker','schema_3','2026-11-27 06:02:02.142807+00:00');
INSERT INTO _sqlite_migrations VALUES(4,'tracker','schema_4','2026-11-27 10:12:39.216957+00:00');
INSERT INTO _sqlite_migrations VALUES(5,'tracker','schema_5','2026-11-27 11:48:20.388545+00:00');
INSERT INTO _sqlite_migrations VALUES(6,'tracker','schema_6','2026-11-27 14:48:28.247290+00:00');
INSERT INTO _sqlite_migrations VALUES(7,'tracker','schema_7','2026-11-27 14:48:28.247290+00:00');
INSERT INTO _sqlite_migrations VALUES(8,'tracker','schema_8','2026-11-27 14:48:28.247290+00:00');
INSERT INTO _sqlite_migrations VALUES(9,'tracker','schema_9','2026-11-28 17:30:58.698554+00:00');
CREATE TABLE alert_fired (
        rule TEXT NOT NULL, article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE,
        fired INTEGER NOT NULL, sent INTEGER, problem TEXT, PRIMARY KEY (rule, article_id)
    ) WITHOUT ROWID
    ;
INSERT INTO alert_fired VALUES('about:nvidia',1,1738012560,1738012561,NULL);
CREATE TABLE article (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        feed_id INTEGER NOT NULL REFERENCES feed(id),
        key TEXT NOT NULL,
        title TEXT NOT NULL,
        url TEXT,
        author TEXT,
        published INTEGER,
        updated INTEGER,
        first_seen INTEGER NOT NULL,
        time INTEGER NOT NULL,
        language TEXT,
        read INTEGER NOT NULL DEFAULT 0,
        starred INTEGER NOT NULL DEFAULT 0,
        symbol TEXT,
        story_id INTEGER NOT NULL,
        content_hash TEXT NOT NULL, unlisted INTEGER, claimed INTEGER, muted INTEGER NOT NULL DEFAULT 0,
        UNIQUE (feed_id, key)
    );
INSERT INTO article VALUES(1,1,'one','Nvidia falls 17 %','https://news.example/1',NULL,1738011960,NULL,1738012560,1738011960,NULL,0,1,'NVDA',1,'hash of Nvidia falls 17 % Nvidia lost 589 billion dollars.',NULL,NULL,0);
INSERT INTO article VALUES(2,1,'two','深度求索发布新模型','https://news.example/2',NULL,1738011360,NULL,1738012560,1738011360,NULL,1,0,NULL,2,'hash of 深度求索发布新模型 DeepSeek R1',NULL,NULL,0);
INSERT INTO article VALUES(3,2,'three','Nvidia falls',NULL,NULL,1738012260,NULL,1738012560,1738012260,NULL,0,1,'NVDA',1,'hash of Nvidia falls ',NULL,NULL,0);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','article_search','article_search',0,'CREATE VIRTUAL TABLE article_search USING fts5(title, text, content='''', tokenize=''unicode61 remove_diacritics 2'')');
CREATE TABLE IF NOT EXISTS 'article_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO article_search_config VALUES('version',4);
CREATE TABLE IF NOT EXISTS 'article_search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO article_search_data VALUES(1,X'030e07');
INSERT INTO article_search_data VALUES(10,X'000000000102020002010101020101');
INSERT INTO article_search_data VALUES(137438953473,X'000000ad0330313701020401033538390106010104010762696c6c696f6e01060101050108646565707365656b020601010202066f6c6c6172730106010106010566616c6c7301020301046c6f7374010601010301066e76696469610108020101020102723102060101030103e58f9102020602029e8b02020a0202b8830202070202baa60202030103e696b00202080202a8a10202090202b1820202040202b7b10202020103e7b4a202020504070a0e0f0d0a0b0e090807070708070707');
INSERT INTO article_search_data VALUES(274877906945,X'00000019063066616c6c7303020301066e7669646961030202040a');
CREATE TABLE IF NOT EXISTS 'article_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO article_search_docsize VALUES(1,X'0305');
INSERT INTO article_search_docsize VALUES(2,X'0902');
INSERT INTO article_search_docsize VALUES(3,X'0200');
CREATE TABLE IF NOT EXISTS 'article_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO article_search_idx VALUES(1,X'',2);
INSERT INTO article_search_idx VALUES(2,X'',2);
CREATE TABLE article_tag (
        tag_id INTEGER NOT NULL REFERENCES tag(id),
        article_id INTEGER NOT NULL REFERENCES article(id),
        about INTEGER NOT NULL,
        symbol TEXT,
        place INTEGER NOT NULL,
        matches TEXT NOT NULL, own INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (tag_id, article_id)
    ) WITHOUT ROWID
    ;
INSERT INTO article_tag VALUES(1,1,1,'NVDA',0,'[["title",0,6,"Nvidia"]]',1);
INSERT INTO article_tag VALUES(1,3,1,'NVDA',0,'[["title",0,6,"Nvidia"]]',1);
CREATE TABLE article_text (article_id INTEGER PRIMARY KEY REFERENCES article(id), text TEXT, links TEXT);
INSERT INTO article_text VALUES(1,'Nvidia lost 589 billion dollars.',NULL);
INSERT INTO article_text VALUES(2,'DeepSeek R1',NULL);
INSERT INTO article_text VALUES(3,'',NULL);
CREATE TABLE attribution (
        article_id INTEGER PRIMARY KEY REFERENCES article(id),
        name TEXT NOT NULL, slug TEXT NOT NULL, url TEXT,
        field TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
        key TEXT,
        original_id INTEGER REFERENCES article(id) ON DELETE SET NULL
    );
CREATE TABLE bar (
        symbol TEXT NOT NULL, interval INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
        close REAL NOT NULL, open REAL, high REAL, low REAL, volume REAL, provider TEXT NOT NULL,
        interpolated INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (symbol, interval, start)
    ) WITHOUT ROWID
    ;
INSERT INTO bar VALUES('NVDA',86400,1737936000,1738022400,118.4200000000000017,NULL,NULL,NULL,NULL,'yahoo',0);
CREATE TABLE bar_span (
        symbol TEXT NOT NULL, interval INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
        asked INTEGER NOT NULL, PRIMARY KEY (symbol, interval)
    ) WITHOUT ROWID
    ;
CREATE TABLE breaker (provider TEXT PRIMARY KEY, until INTEGER NOT NULL, reason TEXT NOT NULL, set_at INTEGER) WITHOUT ROWID;
INSERT INTO breaker VALUES('cnbc',1738012000,'429',NULL);
CREATE TABLE calendar_page (
        source TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, asked INTEGER NOT NULL,
        PRIMARY KEY (source, kind, day)
    ) WITHOUT ROWID
    ;
INSERT INTO calendar_page VALUES('nasdaq','results','2025-02-26',1738012560);
CREATE TABLE calendar_state (source TEXT PRIMARY KEY, asked INTEGER NOT NULL, reason TEXT) WITHOUT ROWID;
INSERT INTO calendar_state VALUES('nasdaq',1738012560,NULL);
CREATE TABLE coming_date (
        source TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, symbol TEXT NOT NULL, time TEXT,
        PRIMARY KEY (source, kind, day, symbol)
    ) WITHOUT ROWID
    ;
INSERT INTO coming_date VALUES('nasdaq','results','2025-02-26','NVDA','after-close');
CREATE TABLE earlier_title (
        article_id INTEGER NOT NULL REFERENCES article(id), until INTEGER NOT NULL, title TEXT NOT NULL,
        PRIMARY KEY (article_id, until)
    ) WITHOUT ROWID
    ;
CREATE TABLE estimate (
        symbol TEXT NOT NULL, benchmark TEXT NOT NULL, day0 TEXT NOT NULL, alpha REAL NOT NULL, beta REAL NOT NULL,
        sigma REAL NOT NULL, n INTEGER NOT NULL, market_mean REAL NOT NULL, market_squares REAL NOT NULL, night REAL,
        PRIMARY KEY (symbol, benchmark, day0)
    ) WITHOUT ROWID
    ;
INSERT INTO estimate VALUES('NVDA','^GSPC','2025-01-27',0.0010000000000000000208,1.8999999999999999111,0.020000000000000000416,120,0.0005000000000000000104,0.010000000000000000208,NULL);
CREATE TABLE feed (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        slug TEXT NOT NULL,
        url TEXT NOT NULL,
        group_name TEXT,
        group_slug TEXT,
        is_active INTEGER NOT NULL DEFAULT 1,
        title TEXT, site_url TEXT, language TEXT,
        etag TEXT, last_modified TEXT, body_hash TEXT,
        last_checked INTEGER, last_full INTEGER, last_http INTEGER, last_reason TEXT,
        fail_count INTEGER NOT NULL DEFAULT 0,
        next_due INTEGER, next_why TEXT,
        disabled_reason TEXT, redirect_url TEXT, redirect_since INTEGER,
        ttl_minutes INTEGER, skip_hours TEXT, skip_days TEXT
    , server_ahead INTEGER, unread INTEGER NOT NULL DEFAULT 0, first_hand TEXT);
INSERT INTO feed VALUES(1,'CNBC','cnbc','http://127.0.0.1:9/0','Markets','markets',1,NULL,NULL,NULL,'"tag"',NULL,'hash',1738012560,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'','',NULL,1,NULL);
INSERT INTO feed VALUES(2,'Reuters','reuters','http://127.0.0.1:9/1',NULL,NULL,1,NULL,NULL,NULL,'"tag"',NULL,'hash',1738012560,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'','',NULL,1,NULL);
CREATE TABLE full_text (
        article_id INTEGER PRIMARY KEY REFERENCES article(id) ON DELETE CASCADE,
        url TEXT, title TEXT NOT NULL, text TEXT NOT NULL, links TEXT NOT NULL, fetched INTEGER NOT NULL
    );
INSERT INTO full_text VALUES(1,'https://news.example/1','Nvidia falls 17 %','The whole text.','[]',1738012560);
CREATE TABLE host (host TEXT PRIMARY KEY, until INTEGER NOT NULL, reason TEXT NOT NULL, set_at INTEGER) WITHOUT ROWID;
INSERT INTO host VALUES('news.example',1738012000,'429',NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('tag_rules','x');
CREATE TABLE price_doubt (
        symbol TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL, is_real INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (symbol, at)
    ) WITHOUT ROWID
    ;
CREATE TABLE quote (
        symbol TEXT PRIMARY KEY, price REAL NOT NULL, time INTEGER NOT NULL, provider TEXT NOT NULL,
        previous_close REAL, regular_price REAL, session TEXT, currency TEXT, fetched INTEGER, exchange_zone TEXT,
        failure TEXT
    ) WITHOUT ROWID
    ;
INSERT INTO quote VALUES('NVDA',118.4200000000000017,1738011600,'yahoo',142.62000000000000454,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE quote_failure (symbol TEXT PRIMARY KEY, provider TEXT, reason TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE split (symbol TEXT NOT NULL, at INTEGER NOT NULL, ratio REAL NOT NULL, PRIMARY KEY (symbol, at));
CREATE TABLE story_count (name TEXT PRIMARY KEY, stories INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO story_count VALUES('all',1);
INSERT INTO story_count VALUES('group',1);
INSERT INTO story_count VALUES('group:Markets',1);
CREATE TABLE story_key (
        key TEXT NOT NULL, time INTEGER NOT NULL, article_id INTEGER NOT NULL REFERENCES article(id),
        PRIMARY KEY (key, time, article_id)
    ) WITHOUT ROWID
    ;
INSERT INTO story_key VALUES('k1',1738011960,1);
INSERT INTO story_key VALUES('k1',1738012260,3);
CREATE TABLE story_pin (story_id INTEGER PRIMARY KEY);
CREATE TABLE story_profile (
        story_id INTEGER PRIMARY KEY, size INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        counts TEXT NOT NULL
    );
CREATE TABLE story_word (word TEXT PRIMARY KEY, titles INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, unread INTEGER NOT NULL DEFAULT 0);
INSERT INTO tag VALUES(1,'nvidia',1);
CREATE TABLE tombstone (
        feed_id INTEGER NOT NULL REFERENCES feed(id), key TEXT NOT NULL, deleted INTEGER NOT NULL,
        PRIMARY KEY (feed_id, key)
    ) WITHOUT ROWID
    ;
INSERT INTO tombstone VALUES(2,'gone',1737000000);
CREATE TABLE article_terms (article_id INTEGER PRIMARY KEY REFERENCES article(id), terms TEXT NOT NULL);
INSERT INTO article_terms VALUES(1,'["e:nvidia","n:17%","w:nvidia"]');
INSERT INTO article_terms VALUES(3,'["w:nvidia"]');
CREATE TABLE story_term (
        term TEXT NOT NULL, time INTEGER NOT NULL, article_id INTEGER NOT NULL, PRIMARY KEY (term, time, article_id)
    ) WITHOUT ROWID
    ;
INSERT INTO story_term VALUES('n:17%',1738011960,1);
INSERT INTO story_term VALUES('w:nvidia',1738011960,1);
INSERT INTO story_term VALUES('w:nvidia',1738012260,3);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('article',3);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX article_by_time ON article (time DESC, id DESC, story_id);
CREATE INDEX article_by_seen ON article (first_seen DESC, id DESC, story_id);
CREATE INDEX article_by_feed ON article (feed_id, time DESC);
CREATE INDEX article_by_story ON article (story_id, time);
CREATE INDEX article_unread ON article (feed_id, story_id) WHERE read = 0;
CREATE INDEX article_starred ON article (time DESC) WHERE starred = 1;
CREATE INDEX article_by_symbol ON article (symbol, published) WHERE symbol IS NOT NULL;
CREATE INDEX article_tag_by_article ON article_tag (article_id);
CREATE INDEX story_key_by_article ON story_key (article_id);
CREATE INDEX attribution_by_key ON attribution (key) WHERE key IS NOT NULL;
CREATE INDEX attribution_by_original ON attribution (original_id) WHERE original_id IS NOT NULL;
CREATE INDEX article_by_unlisted ON article (unlisted, feed_id);
CREATE INDEX article_by_claimed ON article (claimed) WHERE claimed IS NOT NULL;
CREATE INDEX tombstone_by_deleted ON tombstone (deleted);
CREATE INDEX article_muted ON article (id) WHERE muted = 1;
CREATE INDEX alert_fired_by_article ON alert_fired (article_id);
CREATE INDEX coming_date_by_symbol ON coming_date (symbol, day);
CREATE TRIGGER unread_stored AFTER INSERT ON article WHEN new.read = 0 AND new.muted = 0 AND NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'paused') BEGIN UPDATE story_count SET stories = stories + 1 WHERE name = 'all' AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0); UPDATE feed SET unread = unread + 1 WHERE id = new.feed_id AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0 AND o.feed_id = new.feed_id); UPDATE story_count SET stories = stories + 1 WHERE name = 'group' || coalesce(':' || (SELECT group_name FROM feed WHERE id = new.feed_id), '') AND NOT EXISTS (SELECT 1 FROM article o JOIN feed f ON f.id = o.feed_id WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0 AND f.group_name IS (SELECT group_name FROM feed WHERE id = new.feed_id)); UPDATE tag SET unread = unread + 1 WHERE id IN (SELECT tag_id FROM article_tag WHERE article_id = new.id AND about = 1) AND NOT EXISTS (SELECT 1 FROM article o JOIN article_tag t ON t.article_id = o.id WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0 AND t.tag_id = tag.id AND t.about = 1); END;
CREATE TRIGGER unread_deleted AFTER DELETE ON article WHEN old.read = 0 AND old.muted = 0 AND NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'paused') BEGIN UPDATE story_count SET stories = stories - 1 WHERE name = 'all' AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0); UPDATE feed SET unread = unread - 1 WHERE id = old.feed_id AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0 AND o.feed_id = old.feed_id); UPDATE story_count SET stories = stories - 1 WHERE name = 'group' || coalesce(':' || (SELECT group_name FROM feed WHERE id = old.feed_id), '') AND NOT EXISTS (SELECT 1 FROM article o JOIN feed f ON f.id = o.feed_id WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0 AND f.group_name IS (SELECT group_name FROM feed WHERE id = old.feed_id)); UPDATE tag SET unread = unread - 1 WHERE id IN (SELECT tag_id FROM article_tag WHERE article_id = old.id AND about = 1) AND NOT EXISTS (SELECT 1 FROM article o JOIN article_tag t ON t.article_id = o.id WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0 AND t.tag_id = tag.id AND t.about = 1); END;
CREATE TRIGGER unread_left AFTER UPDATE OF read, muted, story_id, feed_id ON article WHEN old.read = 0 AND old.muted = 0 AND (NOT (new.read = 0 AND new.muted = 0) OR old.story_id <> new.story_id OR old.feed_id <> new.feed_id) AND NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'paused') BEGIN UPDATE story_count SET stories = stories - 1 WHERE name = 'all' AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0); UPDATE feed SET unread = unread - 1 WHERE id = old.feed_id AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0 AND o.feed_id = old.feed_id); UPDATE story_count SET stories = stories - 1 WHERE name = 'group' || coalesce(':' || (SELECT group_name FROM feed WHERE id = old.feed_id), '') AND NOT EXISTS (SELECT 1 FROM article o JOIN feed f ON f.id = o.feed_id WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0 AND f.group_name IS (SELECT group_name FROM feed WHERE id = old.feed_id)); UPDATE tag SET unread = unread - 1 WHERE id IN (SELECT tag_id FROM article_tag WHERE article_id = old.id AND about = 1) AND NOT EXISTS (SELECT 1 FROM article o JOIN article_tag t ON t.article_id = o.id WHERE o.story_id = old.story_id AND o.id <> old.id AND o.read = 0 AND o.muted = 0 AND t.tag_id = tag.id AND t.about = 1); END;
CREATE TRIGGER unread_came AFTER UPDATE OF read, muted, story_id, feed_id ON article WHEN new.read = 0 AND new.muted = 0 AND (NOT (old.read = 0 AND old.muted = 0) OR old.story_id <> new.story_id OR old.feed_id <> new.feed_id) AND NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'paused') BEGIN UPDATE story_count SET stories = stories + 1 WHERE name = 'all' AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0); UPDATE feed SET unread = unread + 1 WHERE id = new.feed_id AND NOT EXISTS (SELECT 1 FROM article o WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0 AND o.feed_id = new.feed_id); UPDATE story_count SET stories = stories + 1 WHERE name = 'group' || coalesce(':' || (SELECT group_name FROM feed WHERE id = new.feed_id), '') AND NOT EXISTS (SELECT 1 FROM article o JOIN feed f ON f.id = o.feed_id WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0 AND f.group_name IS (SELECT group_name FROM feed WHERE id = new.feed_id)); UPDATE tag SET unread = unread + 1 WHERE id IN (SELECT tag_id FROM article_tag WHERE article_id = new.id AND about = 1) AND NOT EXISTS (SELECT 1 FROM article o JOIN article_tag t ON t.article_id = o.id WHERE o.story_id = new.story_id AND o.id <> new.id AND o.read = 0 AND o.muted = 0 AND t.tag_id = tag.id AND t.about = 1); END;
CREATE TRIGGER unread_tagged AFTER INSERT ON article_tag WHEN new.about = 1 AND NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'paused') BEGIN UPDATE tag SET unread = unread + 1 WHERE id = new.tag_id AND EXISTS (SELECT 1 FROM article WHERE id = new.article_id AND read = 0 AND muted = 0) AND NOT EXISTS (SELECT 1 FROM article a JOIN article o ON o.story_id = a.story_id JOIN article_tag t ON t.article_id = o.id WHERE a.id = new.article_id AND o.id <> a.id AND o.read = 0 AND o.muted = 0 AND t.tag_id = new.tag_id AND t.about = 1); END;
CREATE TRIGGER unread_untagged AFTER DELETE ON article_tag WHEN old.about = 1 AND NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'paused') BEGIN UPDATE tag SET unread = unread - 1 WHERE id = old.tag_id AND EXISTS (SELECT 1 FROM article WHERE id = old.article_id AND read = 0 AND muted = 0) AND NOT EXISTS (SELECT 1 FROM article a JOIN article o ON o.story_id = a.story_id JOIN article_tag t ON t.article_id = o.id WHERE a.id = old.article_id AND o.id <> a.id AND o.read = 0 AND o.muted = 0 AND t.tag_id = old.tag_id AND t.about = 1); END;
CREATE TRIGGER unread_group AFTER INSERT ON feed BEGIN INSERT INTO story_count (name, stories) SELECT 'group' || coalesce(':' || new.group_name, ''), 0 WHERE NOT EXISTS (SELECT 1 FROM story_count WHERE name = 'group' || coalesce(':' || new.group_name, '')); END;
PRAGMA writable_schema=OFF;
PRAGMA application_id = 1953655666;
PRAGMA user_version = 9;
COMMIT;
