BEGIN TRANSACTION;
CREATE TABLE accounts (
	run_id INTEGER NOT NULL, 
	account_id TEXT NOT NULL, 
	scorecard TEXT, 
	score FLOAT, 
	score_before_caps FLOAT, 
	band TEXT NOT NULL, 
	data_coverage FLOAT NOT NULL, 
	capped_by JSON NOT NULL, 
	mrr FLOAT, 
	arr FLOAT, 
	PRIMARY KEY (run_id, account_id), 
	FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "accounts" VALUES(1,'A1','standard',77.1,7.70833333333333428063e+01,'healthy',1.0,'[]',105.0,1260.0);
INSERT INTO "accounts" VALUES(1,'A2','standard',51.0,5.10416666666666642973e+01,'watch',1.0,'[]',90.0,1080.0);
INSERT INTO "accounts" VALUES(1,'A3','standard',NULL,NULL,'unknown',0.0,'[]',70.0,840.0);
INSERT INTO "accounts" VALUES(1,'A4','standard',80.0,80.0,'healthy',1.0,'[]',50.0,600.0);
INSERT INTO "accounts" VALUES(2,'A1','standard',67.5,67.5,'watch',1.0,'[]',112.0,1344.0);
INSERT INTO "accounts" VALUES(2,'A2','standard',30.0,40.0,'at_risk',1.0,'["scorecards[0].caps[0].when"]',90.0,1080.0);
INSERT INTO "accounts" VALUES(2,'A3','standard',NULL,NULL,'unknown',0.0,'[]',70.0,840.0);
INSERT INTO "accounts" VALUES(3,'A1','standard',60.0,6.00000000000000071036e+01,'watch',1.0,'[]',119.0,1428.0);
INSERT INTO "accounts" VALUES(3,'A2','standard',26.9,2.68750000000000035518e+01,'at_risk',1.0,'[]',90.0,1080.0);
INSERT INTO "accounts" VALUES(3,'A3','standard',NULL,NULL,'unknown',0.0,'[]',70.0,840.0);
CREATE TABLE alert_days (
	as_of TEXT NOT NULL, 
	taken_at TEXT NOT NULL, 
	PRIMARY KEY (as_of)
);
CREATE TABLE alert_states (
	as_of TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	status TEXT NOT NULL, 
	since TEXT NOT NULL, 
	PRIMARY KEY (as_of, rule, kind, subject), 
	FOREIGN KEY(as_of) REFERENCES alert_days (as_of) ON DELETE CASCADE
);
CREATE TABLE at_risk (
	as_of TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	since TEXT NOT NULL, 
	why TEXT, 
	name TEXT, 
	owner TEXT, 
	band TEXT, 
	score FLOAT, 
	arr FLOAT, 
	arr_at_risk FLOAT, 
	PRIMARY KEY (as_of, account_id), 
	FOREIGN KEY(as_of) REFERENCES call_lists (as_of) ON DELETE CASCADE
);
INSERT INTO "at_risk" VALUES('2026-01-12','A2','new','2026-01-12',NULL,'Beta','Ken','at_risk',30.0,1080.0,594.0);
INSERT INTO "at_risk" VALUES('2026-01-19','A2','ongoing','2026-01-12',NULL,'Beta','Ken','at_risk',26.9,1080.0,594.0);
CREATE TABLE call_lists (
	as_of TEXT NOT NULL, 
	taken_at TEXT NOT NULL, 
	PRIMARY KEY (as_of)
);
INSERT INTO "call_lists" VALUES('2026-01-05','2026-01-05T15:30:00+00:00');
INSERT INTO "call_lists" VALUES('2026-01-12','2026-01-19T15:30:00+00:00');
INSERT INTO "call_lists" VALUES('2026-01-19','2026-01-19T01:00:00+00:00');
CREATE TABLE cscli_schema (
	version INTEGER NOT NULL
);
INSERT INTO "cscli_schema" VALUES(2);
CREATE TABLE event_weeks (
	source TEXT NOT NULL, 
	account_id TEXT NOT NULL, 
	week TEXT NOT NULL, 
	events INTEGER NOT NULL, 
	users INTEGER, 
	active_days INTEGER, 
	breadth INTEGER, 
	PRIMARY KEY (source, account_id, week)
)
 WITHOUT ROWID

;
CREATE TABLE outbox (
	"key" TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	as_of TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	facts JSON NOT NULL, 
	state TEXT NOT NULL, 
	tries INTEGER NOT NULL, 
	next_try_at TEXT NOT NULL, 
	last_error TEXT, 
	claimed_by TEXT, 
	claimed_until TEXT, 
	sent_at TEXT, 
	PRIMARY KEY ("key")
);
CREATE TABLE outbox_alerts (
	"key" TEXT NOT NULL, 
	message TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	since TEXT NOT NULL, 
	PRIMARY KEY ("key"), 
	FOREIGN KEY(message) REFERENCES outbox ("key") ON DELETE CASCADE
);
CREATE TABLE run_bands (
	run_id INTEGER NOT NULL, 
	band TEXT NOT NULL, 
	accounts INTEGER NOT NULL, 
	scored INTEGER NOT NULL, 
	score_sum FLOAT NOT NULL, 
	mrr FLOAT, 
	arr FLOAT, 
	weighted_score_sum FLOAT NOT NULL, 
	weight_sum FLOAT NOT NULL, 
	PRIMARY KEY (run_id, band), 
	FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE
);
INSERT INTO "run_bands" VALUES(1,'healthy',2,2,157.1,155.0,1860.0,12095.5,155.0);
INSERT INTO "run_bands" VALUES(1,'unknown',1,0,0.0,70.0,840.0,0.0,0.0);
INSERT INTO "run_bands" VALUES(1,'watch',1,1,51.0,90.0,1080.0,4590.0,90.0);
INSERT INTO "run_bands" VALUES(2,'at_risk',1,1,30.0,90.0,1080.0,2700.0,90.0);
INSERT INTO "run_bands" VALUES(2,'unknown',1,0,0.0,70.0,840.0,0.0,0.0);
INSERT INTO "run_bands" VALUES(2,'watch',1,1,67.5,112.0,1344.0,7560.0,112.0);
INSERT INTO "run_bands" VALUES(3,'at_risk',1,1,26.9,90.0,1080.0,2421.0,90.0);
INSERT INTO "run_bands" VALUES(3,'unknown',1,0,0.0,70.0,840.0,0.0,0.0);
INSERT INTO "run_bands" VALUES(3,'watch',1,1,60.0,119.0,1428.0,7140.0,119.0);
CREATE TABLE run_columns (
	run_id INTEGER NOT NULL, 
	part TEXT NOT NULL, 
	name TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	data BLOB NOT NULL, 
	PRIMARY KEY (run_id, part, name), 
	FOREIGN KEY(run_id) REFERENCES runs (run_id) ON DELETE CASCADE
);
INSERT INTO "run_columns" VALUES(1,'columns','account_id',0,'text',X'789C8B56723454D25172340211C620C2442916002D23041B');
INSERT INTO "run_columns" VALUES(1,'columns','name',1,'text',X'789C8B56724CCE4D55D251724A2D49045231A52669868931A5E696C6205197D41CA0702C00D3870AFF');
INSERT INTO "run_columns" VALUES(1,'columns','owner',2,'text',X'789C8B56F2CD4C54D251F24ECD039260765E694E4E2C0052600710');
INSERT INTO "run_columns" VALUES(1,'columns','mrr',3,'number',X'789C6360000287280710C5D01006A503213483A7030035CC038B');
INSERT INTO "run_columns" VALUES(1,'columns','seats',4,'number',X'789C63600001130730C5E002A555E0340018E001C1');
INSERT INTO "run_columns" VALUES(1,'columns','active_users',5,'number',X'789C636000013D0730C56009A57FD4436825070021F902C1');
INSERT INTO "run_columns" VALUES(1,'columns','nps',6,'number',X'789C636000013F0730C560720042FFA887D02A0E002D63035E');
INSERT INTO "run_columns" VALUES(1,'columns','open_tickets',7,'number',X'789C6360C0063ED8C358000BB70130');
INSERT INTO "run_columns" VALUES(1,'columns','started_on',8,'date',X'789C63503862BEC6908D81C1E1EED709E6405A4151E03A2F905EE069F955878D010091560862');
INSERT INTO "run_columns" VALUES(1,'columns','churned_on',9,'date',X'789C636000830606747AC1A6A0BFEE6C0C00289B046F');
INSERT INTO "run_columns" VALUES(1,'columns','plan',10,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','arr',11,'number',X'789C636000820D931D4014C3830910DAA10B421F6872000054C605C0');
INSERT INTO "run_columns" VALUES(1,'columns','currency',12,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','renews_on',13,'date',X'789C6360008306061C34001A200201');
INSERT INTO "run_columns" VALUES(1,'columns','domain',14,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','parent_id',15,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','gross_margin',16,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','cac',17,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','industry',18,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','region',19,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','logins',20,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','last_login_on',21,'date',X'789C6360008306061C34001A200201');
INSERT INTO "run_columns" VALUES(1,'columns','usage_minutes',22,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','csat',23,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','overdue_invoices',24,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','tenure_days',25,'number',X'789C6360008282420710C5D09009A17FB441688352070046AA04EE');
INSERT INTO "run_columns" VALUES(1,'columns','tenure_months',26,'number',X'789C63600001250730C52001A52DA0B49A030014C00199');
INSERT INTO "run_columns" VALUES(1,'columns','days_to_renewal',27,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','sentiment',28,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','sentiment_on',29,'date',X'789C6360008306061C34001A200201');
INSERT INTO "run_columns" VALUES(1,'columns','override_score',30,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','override_reason',31,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','override_until',32,'date',X'789C6360008306061C34001A200201');
INSERT INTO "run_columns" VALUES(1,'columns','hours_spent',33,'number',X'789C636000811FF50C386800502C05DD');
INSERT INTO "run_columns" VALUES(1,'columns','next_step',34,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'columns','note',35,'text',X'789C8BCE2BCDC9D14125620159D70829');
INSERT INTO "run_columns" VALUES(1,'segments','touch',0,'text',X'789C8B56CAC84CCF50D2512A494D46A7620184B908D9');
INSERT INTO "run_columns" VALUES(1,'values','use',0,'number',X'789C6360008117F6608AE10994FE517FF60C08BCB107005CA009B6');
INSERT INTO "run_columns" VALUES(1,'values','voice',1,'number',X'789C636000013F0730C560720042FFA887D02A0E002D63035E');
INSERT INTO "run_columns" VALUES(1,'points','use',0,'number',X'789C6360008203410E208AC1C11F4233FCA807530D610E00421504AF');
INSERT INTO "run_columns" VALUES(1,'points','voice',1,'number',X'789C0B0B0582AB210EABC0C0C081010C7ED443684F0700C3900980');
INSERT INTO "run_columns" VALUES(2,'columns','account_id',0,'text',X'789C8B56723454D25172340211C64AB1001B500336');
INSERT INTO "run_columns" VALUES(2,'columns','name',1,'text',X'789C8B56724CCE4D55D251724A2D49045231A52669868931A5E696C6A94AB100851E08A5');
INSERT INTO "run_columns" VALUES(2,'columns','owner',2,'text',X'789C8B56F2CD4C54D251F24ECD039220762C0033460529');
INSERT INTO "run_columns" VALUES(2,'columns','mrr',3,'number',X'789C63600081180730D51006A5031D00184E02C4');
INSERT INTO "run_columns" VALUES(2,'columns','seats',4,'number',X'789C63600001130730C5E002A5551C000D70015D');
INSERT INTO "run_columns" VALUES(2,'columns','active_users',5,'number',X'789C636000012D0730C56004A57FD403000DEF0254');
INSERT INTO "run_columns" VALUES(2,'columns','nps',6,'number',X'789C636000013F0730C560720042FFA80700150B02FA');
INSERT INTO "run_columns" VALUES(2,'columns','open_tickets',7,'number',X'789C63604006220E10FA833D00053F0184');
INSERT INTO "run_columns" VALUES(2,'columns','started_on',8,'date',X'789C63503862BEC6908D81C1E1EED709E6405A4151E03A2F1B030054F70619');
INSERT INTO "run_columns" VALUES(2,'columns','churned_on',9,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(2,'columns','plan',10,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','arr',11,'number',X'789C63600081A90E60EAC10408EDD0E5000022660390');
INSERT INTO "run_columns" VALUES(2,'columns','currency',12,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','renews_on',13,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(2,'columns','domain',14,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','parent_id',15,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','gross_margin',16,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','cac',17,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','industry',18,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','region',19,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','logins',20,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','last_login_on',21,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(2,'columns','usage_minutes',22,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','csat',23,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','overdue_invoices',24,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','tenure_days',25,'number',X'789C6360008207850E208A21210B421BB43B0000294C0393');
INSERT INTO "run_columns" VALUES(2,'columns','tenure_months',26,'number',X'789C63600001250730C52001A52D1C000A9C0133');
INSERT INTO "run_columns" VALUES(2,'columns','days_to_renewal',27,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','sentiment',28,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','sentiment_on',29,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(2,'columns','override_score',30,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','override_reason',31,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','override_until',32,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(2,'columns','hours_spent',33,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(2,'columns','next_step',34,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'columns','note',35,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(2,'segments','touch',0,'text',X'789C8B56CAC84CCF50D2512A494D8653B1004DDA06C5');
INSERT INTO "run_columns" VALUES(2,'values','use',0,'number',X'789C3B7B06049ED89F05D377EC19C0E0473D00C90D0D48');
INSERT INTO "run_columns" VALUES(2,'values','voice',1,'number',X'789C636000013F0730C560720042FFA80700150B02FA');
INSERT INTO "run_columns" VALUES(2,'points','use',0,'number',X'789C6360000287000710C5D0E006A1197ED403001BA3034E');
INSERT INTO "run_columns" VALUES(2,'points','voice',1,'number',X'789C6360008203410E0C606009A57FD403001F450343');
INSERT INTO "run_columns" VALUES(3,'columns','account_id',0,'text',X'789C8B56723454D25172340211C64AB1001B500336');
INSERT INTO "run_columns" VALUES(3,'columns','name',1,'text',X'789C8B56724CCE4D55D251724A2D49045231A52669868931A5E696C6A94AB100851E08A5');
INSERT INTO "run_columns" VALUES(3,'columns','owner',2,'text',X'789C8B56F2CD4C54D251F24ECD039220762C0033460529');
INSERT INTO "run_columns" VALUES(3,'columns','mrr',3,'number',X'789C6360008203B10E208AA1210C4A073A000026A00385');
INSERT INTO "run_columns" VALUES(3,'columns','seats',4,'number',X'789C63600001130730C5E002A5551C000D70015D');
INSERT INTO "run_columns" VALUES(3,'columns','active_users',5,'number',X'789C6360000135070614FA473D000D2F0244');
INSERT INTO "run_columns" VALUES(3,'columns','nps',6,'number',X'789C636000013F0730C560720042FFA80700150B02FA');
INSERT INTO "run_columns" VALUES(3,'columns','open_tickets',7,'number',X'789C6360C0063ED8030002370130');
INSERT INTO "run_columns" VALUES(3,'columns','started_on',8,'date',X'789C63503862BEC6908D81C1E1EED709E6405A4151E03A2F1B030054F70619');
INSERT INTO "run_columns" VALUES(3,'columns','churned_on',9,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(3,'columns','plan',10,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','arr',11,'number',X'789C6360008280690E208AE1C10408EDD0E50000286803E1');
INSERT INTO "run_columns" VALUES(3,'columns','currency',12,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','renews_on',13,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(3,'columns','domain',14,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','parent_id',15,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','gross_margin',16,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','cac',17,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','industry',18,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','region',19,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','logins',20,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','last_login_on',21,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(3,'columns','usage_minutes',22,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','csat',23,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','overdue_invoices',24,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','tenure_days',25,'number',X'789C6360008280220710C5E0900DA133DA1D001E00031D');
INSERT INTO "run_columns" VALUES(3,'columns','tenure_months',26,'number',X'789C63600001250730C52003A52D1C000AC40137');
INSERT INTO "run_columns" VALUES(3,'columns','days_to_renewal',27,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','sentiment',28,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','sentiment_on',29,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(3,'columns','override_score',30,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','override_reason',31,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','override_until',32,'date',X'789C636000830606341A000D980181');
INSERT INTO "run_columns" VALUES(3,'columns','hours_spent',33,'number',X'789C636000811FF50C6834002A8D0466');
INSERT INTO "run_columns" VALUES(3,'columns','next_step',34,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'columns','note',35,'text',X'789C8BCE2BCDC9D18113B10035400642');
INSERT INTO "run_columns" VALUES(3,'segments','touch',0,'text',X'789C8B56CAC84CCF50D2512A494D8653B1004DDA06C5');
INSERT INTO "run_columns" VALUES(3,'values','use',0,'number',X'789C9B3513041EDACF02D317ED19C0E0473D009E930AD6');
INSERT INTO "run_columns" VALUES(3,'values','voice',1,'number',X'789C636000013F0730C560720042FFA80700150B02FA');
INSERT INTO "run_columns" VALUES(3,'points','use',0,'number',X'789C63640082066F0746306DEDC000063FEA011FC30380');
INSERT INTO "run_columns" VALUES(3,'points','voice',1,'number',X'789C6360008203410E0C606009A57FD403001F450343');
CREATE TABLE runs (
	run_id INTEGER NOT NULL, 
	as_of TEXT NOT NULL, 
	taken_at TEXT NOT NULL, 
	version TEXT NOT NULL, 
	config_digest TEXT NOT NULL, 
	config_text TEXT NOT NULL, 
	metrics JSON NOT NULL, 
	inputs JSON NOT NULL, 
	profiles JSON NOT NULL, 
	overrides JSON NOT NULL, 
	relative JSON NOT NULL, 
	PRIMARY KEY (run_id), 
	UNIQUE (as_of)
);
INSERT INTO "runs" VALUES(1,'2026-01-05','2026-01-05T15:30:00+00:00','0.1.0','4d5b5edc4a3b','version: 1
timezone: Asia/Tokyo
currency: JPY
sources:
  accounts: {file: accounts.csv}
metrics:
  use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
  voice: {value: nps, points: {kind: percentile}}
segments:
  touch:
    - {name: high, when: mrr >= 100}
    - {name: tech}
scorecards:
  - name: standard
    groups: {all: {weight: 1, metrics: {use: 3, voice: 1}}}
    caps: [{when: open_tickets > 3, at_most: 30, reason: Tickets}]
min_data_coverage: 0.3
','["use", "voice"]','[["accounts", "accounts.csv", "556a5915784eb7a453319b3eeca796f72299fc89ebe28530c3bf698bee09d66b"]]','{"accounts": {"file": "accounts.csv", "sheet": null, "sha256": "556a5915784eb7a453319b3eeca796f72299fc89ebe28530c3bf698bee09d66b", "rows": 4, "sample_ids": ["72d02e20", "ad9d3d33", "b863978a", "ce935e7d"], "columns": [{"header": "account_id", "name": "account_id", "how": "known header", "type": "id", "filled": 4, "distinct": 4, "lowest": "A1", "highest": "A4", "example": "A1", "zero_share": null, "categories": [], "sample": ["abfa8c2d", "8b4f0318", "8d33f6e5", "c42348ad"]}, {"header": "name", "name": "name", "how": "known header", "type": "text", "filled": 4, "distinct": 4, "lowest": "Acme", "highest": "\u4f1a\u793e", "example": "Acme", "zero_share": null, "categories": [], "sample": ["f3c88e40", "5d3e3d6d", "d3b07882", "c2dce5d4"]}, {"header": "owner", "name": "owner", "how": "known header", "type": "text", "filled": 3, "distinct": 2, "lowest": "Ken", "highest": "Mia", "example": "Mia", "zero_share": null, "categories": [], "sample": ["64591826", "64591826", "", "7f0595be"]}, {"header": "mrr", "name": "mrr", "how": "known header", "type": "number", "filled": 4, "distinct": 4, "lowest": "50", "highest": "105", "example": "105", "zero_share": 0.0, "categories": [], "sample": ["70", "105", "50", "90"]}, {"header": "seats", "name": "seats", "how": "known header", "type": "number", "filled": 4, "distinct": 3, "lowest": "10", "highest": "40", "example": "20", "zero_share": 0.0, "categories": [], "sample": ["10", "20", "10", "40"]}, {"header": "active_users", "name": "active_users", "how": "known header", "type": "number", "filled": 3, "distinct": 3, "lowest": "9", "highest": "25", "example": "15", "zero_share": 0.0, "categories": [], "sample": ["", "15", "9", "25"]}, {"header": "nps", "name": "nps", "how": "known header", "type": "number", "filled": 3, "distinct": 3, "lowest": "-20", "highest": "60", "example": "60", "zero_share": 0.0, "categories": [], "sample": ["", "60", "10", "-20"]}, {"header": "open_tickets", "name": "open_tickets", "how": "known header", "type": "number", "filled": 4, "distinct": 2, "lowest": "0", "highest": "1", "example": "0", "zero_share": 0.75, "categories": [], "sample": ["1", "0", "0", "0"]}, {"header": "started_on", "name": "started_on", "how": "known header", "type": "date", "filled": 4, "distinct": 4, "lowest": "2024-01-01", "highest": "2025-06-15", "example": "2025-04-01", "zero_share": null, "categories": [], "sample": ["1f186fae", "c231c66d", "8eb31872", "0084e067"]}, {"header": "churned_on", "name": "churned_on", "how": "known header", "type": "date", "filled": 1, "distinct": 1, "lowest": "2026-01-10", "highest": "2026-01-10", "example": "2026-01-10", "zero_share": null, "categories": [], "sample": ["", "", "84a18257", ""]}]}}','[]','["voice"]');
INSERT INTO "runs" VALUES(2,'2026-01-12','2026-01-19T15:30:00+00:00','0.1.0','4d5b5edc4a3b','version: 1
timezone: Asia/Tokyo
currency: JPY
sources:
  accounts: {file: accounts.csv}
metrics:
  use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
  voice: {value: nps, points: {kind: percentile}}
segments:
  touch:
    - {name: high, when: mrr >= 100}
    - {name: tech}
scorecards:
  - name: standard
    groups: {all: {weight: 1, metrics: {use: 3, voice: 1}}}
    caps: [{when: open_tickets > 3, at_most: 30, reason: Tickets}]
min_data_coverage: 0.3
','["use", "voice"]','[["accounts", "accounts.csv", "c9a704661cfbda05d6b55f1d47ee73b0fb8051982727fa57995fe14278698634"]]','{"accounts": {"file": "accounts.csv", "sheet": null, "sha256": "c9a704661cfbda05d6b55f1d47ee73b0fb8051982727fa57995fe14278698634", "rows": 4, "sample_ids": ["72d02e20", "ad9d3d33", "b863978a", "ce935e7d"], "columns": [{"header": "account_id", "name": "account_id", "how": "known header", "type": "id", "filled": 4, "distinct": 4, "lowest": "A1", "highest": "A4", "example": "A1", "zero_share": null, "categories": [], "sample": ["abfa8c2d", "8b4f0318", "8d33f6e5", "c42348ad"]}, {"header": "name", "name": "name", "how": "known header", "type": "text", "filled": 4, "distinct": 4, "lowest": "Acme", "highest": "\u4f1a\u793e", "example": "Acme", "zero_share": null, "categories": [], "sample": ["f3c88e40", "5d3e3d6d", "d3b07882", "c2dce5d4"]}, {"header": "owner", "name": "owner", "how": "known header", "type": "text", "filled": 3, "distinct": 2, "lowest": "Ken", "highest": "Mia", "example": "Mia", "zero_share": null, "categories": [], "sample": ["64591826", "64591826", "", "7f0595be"]}, {"header": "mrr", "name": "mrr", "how": "known header", "type": "number", "filled": 4, "distinct": 4, "lowest": "50", "highest": "112", "example": "112", "zero_share": 0.0, "categories": [], "sample": ["70", "112", "50", "90"]}, {"header": "seats", "name": "seats", "how": "known header", "type": "number", "filled": 4, "distinct": 3, "lowest": "10", "highest": "40", "example": "20", "zero_share": 0.0, "categories": [], "sample": ["10", "20", "10", "40"]}, {"header": "active_users", "name": "active_users", "how": "known header", "type": "number", "filled": 3, "distinct": 3, "lowest": "9", "highest": "18", "example": "13", "zero_share": 0.0, "categories": [], "sample": ["", "13", "9", "18"]}, {"header": "nps", "name": "nps", "how": "known header", "type": "number", "filled": 3, "distinct": 3, "lowest": "-20", "highest": "60", "example": "60", "zero_share": 0.0, "categories": [], "sample": ["", "60", "10", "-20"]}, {"header": "open_tickets", "name": "open_tickets", "how": "known header", "type": "number", "filled": 4, "distinct": 3, "lowest": "0", "highest": "5", "example": "0", "zero_share": 0.5, "categories": [], "sample": ["1", "0", "0", "5"]}, {"header": "started_on", "name": "started_on", "how": "known header", "type": "date", "filled": 4, "distinct": 4, "lowest": "2024-01-01", "highest": "2025-06-15", "example": "2025-04-01", "zero_share": null, "categories": [], "sample": ["1f186fae", "c231c66d", "8eb31872", "0084e067"]}, {"header": "churned_on", "name": "churned_on", "how": "known header", "type": "date", "filled": 1, "distinct": 1, "lowest": "2026-01-10", "highest": "2026-01-10", "example": "2026-01-10", "zero_share": null, "categories": [], "sample": ["", "", "84a18257", ""]}]}}','[]','["voice"]');
INSERT INTO "runs" VALUES(3,'2026-01-19','2026-01-19T01:00:00+00:00','0.1.0','4d5b5edc4a3b','version: 1
timezone: Asia/Tokyo
currency: JPY
sources:
  accounts: {file: accounts.csv}
metrics:
  use: {value: active_users / seats, points: {kind: linear, zero: 0, full: 1}}
  voice: {value: nps, points: {kind: percentile}}
segments:
  touch:
    - {name: high, when: mrr >= 100}
    - {name: tech}
scorecards:
  - name: standard
    groups: {all: {weight: 1, metrics: {use: 3, voice: 1}}}
    caps: [{when: open_tickets > 3, at_most: 30, reason: Tickets}]
min_data_coverage: 0.3
','["use", "voice"]','[["accounts", "accounts.csv", "62d1c7f6bab0c932bab0ee00ede20b26605753e3019562f3aa996910290d56c3"]]','{"accounts": {"file": "accounts.csv", "sheet": null, "sha256": "62d1c7f6bab0c932bab0ee00ede20b26605753e3019562f3aa996910290d56c3", "rows": 4, "sample_ids": ["72d02e20", "ad9d3d33", "b863978a", "ce935e7d"], "columns": [{"header": "account_id", "name": "account_id", "how": "known header", "type": "id", "filled": 4, "distinct": 4, "lowest": "A1", "highest": "A4", "example": "A1", "zero_share": null, "categories": [], "sample": ["abfa8c2d", "8b4f0318", "8d33f6e5", "c42348ad"]}, {"header": "name", "name": "name", "how": "known header", "type": "text", "filled": 4, "distinct": 4, "lowest": "Acme", "highest": "\u4f1a\u793e", "example": "Acme", "zero_share": null, "categories": [], "sample": ["f3c88e40", "5d3e3d6d", "d3b07882", "c2dce5d4"]}, {"header": "owner", "name": "owner", "how": "known header", "type": "text", "filled": 3, "distinct": 2, "lowest": "Ken", "highest": "Mia", "example": "Mia", "zero_share": null, "categories": [], "sample": ["64591826", "64591826", "", "7f0595be"]}, {"header": "mrr", "name": "mrr", "how": "known header", "type": "number", "filled": 4, "distinct": 4, "lowest": "50", "highest": "119", "example": "119", "zero_share": 0.0, "categories": [], "sample": ["70", "119", "50", "90"]}, {"header": "seats", "name": "seats", "how": "known header", "type": "number", "filled": 4, "distinct": 3, "lowest": "10", "highest": "40", "example": "20", "zero_share": 0.0, "categories": [], "sample": ["10", "20", "10", "40"]}, {"header": "active_users", "name": "active_users", "how": "known header", "type": "number", "filled": 3, "distinct": 2, "lowest": "9", "highest": "11", "example": "11", "zero_share": 0.0, "categories": [], "sample": ["", "11", "9", "11"]}, {"header": "nps", "name": "nps", "how": "known header", "type": "number", "filled": 3, "distinct": 3, "lowest": "-20", "highest": "60", "example": "60", "zero_share": 0.0, "categories": [], "sample": ["", "60", "10", "-20"]}, {"header": "open_tickets", "name": "open_tickets", "how": "known header", "type": "number", "filled": 4, "distinct": 2, "lowest": "0", "highest": "1", "example": "0", "zero_share": 0.75, "categories": [], "sample": ["1", "0", "0", "0"]}, {"header": "started_on", "name": "started_on", "how": "known header", "type": "date", "filled": 4, "distinct": 4, "lowest": "2024-01-01", "highest": "2025-06-15", "example": "2025-04-01", "zero_share": null, "categories": [], "sample": ["1f186fae", "c231c66d", "8eb31872", "0084e067"]}, {"header": "churned_on", "name": "churned_on", "how": "known header", "type": "date", "filled": 1, "distinct": 1, "lowest": "2026-01-10", "highest": "2026-01-10", "example": "2026-01-10", "zero_share": null, "categories": [], "sample": ["", "", "84a18257", ""]}]}}','[]','["voice"]');
CREATE INDEX outbox_by_state ON outbox (state, next_try_at);
CREATE INDEX accounts_by_id ON accounts (account_id, run_id);
CREATE INDEX at_risk_by_id ON at_risk (account_id, as_of);
CREATE INDEX outbox_alerts_by_subject ON outbox_alerts (channel, rule, kind, subject);
COMMIT;
