"""The words that parts of a mail are known by: greetings, signatures, companies, wishes.  Tables only, no rules."""

from __future__ import annotations

import re

COMPANY_ENDINGS = (
    "股份有限公司", "有限责任公司", "有限公司", "集团公司", "集团", "總公司", "总公司", "分公司", "公司", "股份",
    "研究所", "研究院", "总厂", "株式会社", "有限会社", "合同会社",
)  # fmt: skip
LATIN_COMPANY = re.compile(
    r"(?:(?<=^)|(?<=[\s,|·(:]))((?:[A-ZÀ-Ý0-9][\w&.'’+-]*[,]?\s+(?:(?:of|and|de|del|&|und|et|y|do|da)\s+)*){1,6}?"
    r"(?:\([A-Z][\w .-]+\)\s*)?(?:Co\.?,?\s*Ltd\.?|Company Limited|GmbH(?: & Co\. KG)?|SAS|S\.A\.S\."
    r"|S\.A\. de C\.V\.|SA de CV|S\.A\.|SA|JSC"
    r"|Inc\.?|LLC|L\.L\.C\.|Ltd\.?|Limited|Pvt\.? Ltd\.?|Pte\.? Ltd\.?|Sdn\.? Bhd\.?|B\.V\.|BV|N\.V\."
    r"|S\.r\.l\.|Srl|S\.p\.A\.|SpA|AG|KG|Oy|AB|A/S|Corp\.?"
    r"|Corporation|Kft\.?|s\.r\.o\.|Sp\. z o\.o\.|Ltda\.?|PLC|plc|K\.K\.|Pty\.? Ltd\.?|d\.o\.o\.|A\.Ş\."
    r"|Lda\.?|Company))(?![A-Za-z])"
)
COMPANY = re.compile(
    r"(?:(?:株式会社|有限会社|合同会社)[\u3040-\u30ff\u3400-\u9fffA-Za-zー]{2,20}"
    r"|[\u3040-\u30ff\u3400-\u9fffー]{2,20}(?:株式会社|有限会社)"
    r"|[\u3400-\u9fffA-Za-z0-9·&]{2,24}(?:[(（][\u3400-\u9fff]{2,8}[)）])?[\u3400-\u9fffA-Za-z]{0,12}"
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|集團|集团|股份公司|总厂|總廠|研究所"
    r"|研究院))(?:[(（][\u3400-\u9fff]{2,8}[)）](?:分公司|工厂)?)?"
)
DEPARTMENT_WORDS = (
    "质量管理", "质量保证", "质量控制", "品质管理", "品质保证", "供应商质量", "来料检验", "进料检验", "进料品管",
    "進料品管", "品質管理", "品質保証", "调达品质", "調達品質", "制造质量",
    "总装质量", "总装", "质量", "品质", "品質", "品管", "品保", "质检", "质控", "采购", "採購", "调达", "調達",
    "供应链", "供应", "生产", "製造", "制造", "技术", "技術", "研发", "研發", "工程", "设备", "设计",
    "售后", "售後", "服务", "服務", "物流", "仓储", "仓库", "倉庫", "计划", "财务", "財務", "销售", "營業", "营销",
    "市场", "业务", "客服", "行政", "检验", "體系", "体系", "配套", "外协", "运营", "资材", "資材", "工艺", "动力",
    "装备", "安全", "机电", "综合", "商务", "关务", "开发", "開發", "生管", "品証", "品证", "进料", "進料", "制程",
    "供方", "供应商管理", "项目", "整车", "总检", "入厂检验", "外检",
)  # fmt: skip
DEPARTMENT = re.compile(
    "(?:"
    + "|".join(sorted(DEPARTMENT_WORDS, key=len, reverse=True))
    + r")+(?:中心|一|二|三|管理|保证|控制)?(?:本部|部门|部|科|课|課|處|处|室|组|組|中心|线|班)?"
)
JOB_WORDS = re.compile(
    r"(?i)(?:总经理|总监|經理|经理|主任|主管|部长|部長|科长|科長|课长|課長|班长|组长|工程师|工程師|专员"
    r"|專員|助理|采购员|检验员|质检员|业务员|技术员|厂长|店长|代表|担当|係長|主任|次長|"
    r"\b(?:SQE|SQA|SQM|QE|QA|QC|IQC|PQE|CQE|manager|engineer|buyer|director|supervisor|specialist"
    r"|inspector|coordinator|purchasing|procurement|quality|"
    r"supplier|senior|head of|leader|assistant|officer|compras|calidad|qualit[\wäéà]+|einkauf|leiter"
    r"|logistics|analyst|technician|department|dept\.?)\b)"
)
SITE_WORDS = re.compile(
    r"(?i)^[\u3400-\u9fff]{2,5}[厂廠]$|工場|工厂|工廠|厂区|廠區|基地|分厂|\b(?:plant|factory|works|usine|werk|planta|stabilimento|site"
    r"|facility|warehouse)\b"
)
NOT_CUSTOMER = re.compile(
    r"(?i)srm|erp|qms|sap|wms|oa|系统|系統|平台|通知|自动|noreply|no-reply|供应商|门户|中心|管理|协同|质量"
    r"|客服|网站|官网|website|system|portal|mailer|notification"
)

SIGN_OFF = re.compile(
    r"(?i)^[\s>*]*(?:此致|敬礼|敬禮|此致敬礼|敬祝|谨祝|順致|顺致|顺候|耑此|专此|專此|即颂|即頌|此颂|此頌"
    r"|祝|顺祝|順祝|祝好|祝商祺|商祺|顺颂|順頌|敬颂|敬頌|以上|谢谢|謝謝|多谢|多謝|感谢|感謝|thanks?"
    r"|thank you|many thanks|thx|(?:best|kind|warm|with best|with kind)?\s*regards"
    r"|b\.\s?r\.?|best wishes|best|sincerely|yours (?:sincerely|faithfully|truly)|cheers|br|rgds"
    r"|mit freundlichen gr[üu](?:ß|ss)en|freundliche gr[üu](?:ß|ss)e|viele gr[üu](?:ß|ss)e|saludos"
    r"|cordialement|atentamente|med v[äa]nlig(?:a)? h[äa]lsning(?:ar)?|med venlig hilsen|met vriendelijke groet(?:en)?"
    r"|terima kasih|hormat kami|salam|tr[âa]n tr[ọo]ng|c[ảa]m [ơo]n|pozdrawiam|z powa[żz]aniem|s pozdravem"
    r"|cordiali saluti|distinti saluti|obrigad[oa]|sayg[ıi]lar[ıi]m[ıi]zla|с уважением|üdvözlettel"
    r"|敬具|よろしくお願い.{0,12}|以上、?よろしく.{0,20}|以上です)"
    r"(?:[\s\u3000,，、。.!！~/|]|商祺|商安|台安|台祺|時綏|时绥|時祺|春祺|夏祺|秋祺|冬祺|敬頌|敬颂|順頌|顺颂"
    r"|大安|工作顺利|生意兴隆|best regards|kind regards|regards|谢谢|合作|支持"
    r"|for your.{0,40}|in advance|and.{0,20})*$"
)
MOBILE_TAIL = re.compile(
    r"(?i)^[\s—–-]*(?:发自我的|發自我的|从我的.{1,20}发送|sent from (?:my|mail for|outlook|yahoo)"
    r"|由.{1,12}手机.{0,6}发送|来自我的|iPhoneから送信|get outlook for|获取.{0,6}outlook|发自.{0,4}(?:手机"
    r"|邮箱|iphone|企业微信|网易|qq))"
)
DISCLAIMER = re.compile(
    r"(?i)^\s*[*【\[(（]*(?:本邮件(?:及|包含|含|可能|所|由|为|仅|系|内容)|此邮件(?:及|包含|为|由)|本信件"
    r"|本郵件|此郵件|重要提示|保密(?:声明|提示|说明)|免责声明|機密|声明[:：]|confidential|disclaimer"
    r"|this (?:e-?mail|message|communication)"
    r"|the information (?:contained|in this)|important notice|please consider the environment"
    r"|if you (?:are not|have received)|diese e-?mail|系统自动发送|请勿(?:直接)?回复|この(?:メール"
    r"|電子メール)は)"
)
GREETING = re.compile(
    r"(?i)^\s*(?:(?:dear|hi|hello|good (?:morning|afternoon|day)|to whom|hallo|guten tag|hola)\b.{0,60}"
    r"|.{0,25}(?:您好|你好|大家好|御中|各位|敬启者|早上好|下午好|尊敬的.{1,12}"
    r"|尊敬的供应商)[^，,。；;]{0,8}[：:，,。!！]?|.{1,14}[：:]|@.{1,20}"
    r"|[\u3400-\u9fff]{1,8}(?:总|工|经理|經理|先生|小姐|女士|主任|部长|桑|同事|部门|公司|质量部|品保部"
    r"|团队)[，,：:!！]?|いつも.{0,6}お世話に.{0,20}|お世話に.{0,20}|.{0,24}(?:様|さま|殿)|team[,:]?"
    r"|all[,:]?|fyi[.,]?|[【\[]?(?:紧急|緊急|特急|急件|加急|急|urgent)[】\]]?[！!。.,，]*)\s*$"
)
TRIVIAL = re.compile(
    r"(?i)^(?:(?:如|见|見|详见)(?:附|下|上)?[图圖].{0,4}|(?:请|詳|详)?见附件.{0,6}|附件(?:为|是).{0,40}|.{0,6}图片见附件.{0,6}|.{0,4}(?:照片|图片"
    r"|附件).{0,6}(?:见|在|如)附?件?|请查收|fyi.{0,30}|photos? .{0,40}|see (?:the )?attach.{0,30}"
    r"|as attached|.{0,30}一并发(?:你们|给你|您).{0,4}|thanks?.{0,12}|谢谢|如题|如下|你好|您好"
    r"|请知悉|以上|よろしくお願い.{0,15}|.{0,30}の[\u3400-\u9fff]{1,4}(?:です|と申します)"
    r"|.{0,12}お世話になっております|hope .{0,40} well|.{1,12}[:：]\s*(?:ok|正常|合格|无异常|無異常|良好"
    r"|なし|none|n/a)|详细见下.{0,4}|见下.{0,6}|请看下面.{0,14})$"
)
# What is wrong: words that mark a sentence as describing a defect.
DEFECT_ASIAN = (
    r"不良|模糊|掉漆|掉色|露铜|起皱|印字|曲がり|曇り|不符|不合格|不一致|不到位|不上|不平|不均|不动|不准"
    r"|不足|不能|不可|不全|不匹配|不达标|无法|没有|异常|異常|超差|超标|超出|偏[大小厚薄高低黄移差软硬]"
    r"|飞边|毛刺|毛边|缺料|缺口|缺陷|缺件|少[发件装]|短装|漏[装气油水电发]|缺胶|缺损|装不|插不|拧不|打不"
    r"|拉不|用不|坏|脱|崩|扭曲|歪|弯|塌|发黑|发白|发黄|发霉|氧化|起雾|漏光|死灯|不亮|不转|不通|击穿|跳闸"
    r"|过热|发热|烫|卡涩|干涉|错位|偏心|偏移|偏位|间隙|尺寸|"
    r"混[料入装]|错[装料发]|装反|标签|裂|断|破|损|碎|锈|鏽|銹|腐蚀|氧化|变形|變形|翘曲|划伤|刮伤|擦伤|划痕"
    r"|碰伤|压伤|磕碰|凹|凸|色差|偏色|发黄|变色|缩水|縮水|流纹|流紋|气泡|气孔|砂眼|夹渣|杂质|异物|脏污"
    r"|污渍|油污|脱落|松动|松脱|"
    r"卡滞|卡死|卡住|失效|失灵|故障|异响|异味|噪音|噪声|振动|抖动|烧|短路|断路|开路|虚焊|脱焊|开焊|漏焊"
    r"|起火|冒烟|坠落|受潮|淋湿|压坏|延误|迟|投诉|问题|滑牙|滑丝|烂牙|发粘|老化|起皮|起泡|鼓包|塑料屑|铁屑"
    r"|刀纹|"
    r"不具合|緩み|割れ|キズ|傷|欠け|錆|変形|異音|漏れ|寸法|途中で止まる|バリ|汚れ|混入"
)
DEFECT_LATIN = (
    r"\b(?:defect\w*|fail\w*|broken|breaks?|crack\w*|damag\w*|scratch\w*|leak\w*|rust\w*|corro\w*|burrs?"
    r"|wrong|missing|loose|noise|rattl\w*|crush\w*|wet|torn|short(?:age)?|delay\w*|late|"
    r"not ok|nok|ng|nonconform\w*|out of (?:spec|tolerance)|does not|do not|don't|doesn't|cannot|can't"
    r"|instead of|problem|issue|reject\w*|deform\w*|bent|dent\w*|stain\w*|contaminat\w*|mixed|"
    r"mislabel\w*|oversize\w*|undersize\w*|complain\w*|stopped|stoppage|porosity|flash|warp\w*"
    r"|discolou?r\w*|smell|odou?r|overheat\w*|burn\w*|incorrect|insufficient|excessive)\b"
)
DEFECT = re.compile(f"(?i){DEFECT_ASIAN}|{DEFECT_LATIN}")
WISH = re.compile(
    r"(?i)(?:^|(?<=[\s，,、：:—\-)）]))(?:但|並|并|且|故|现|另外?|同时|因此|所以|为此|对此|为了|以便|我司"
    r"|我方|我们|我厂|客户|你们|你司|贵司|贵方|贵厂|贵公司|先|惟|前[两三]个|其余的?|剩下的|再|还|也)*(?:敬?请(?![假款教求])|敬?請|烦请|煩請|麻烦|務請|务请|恳请|盼|望|希望"
    r"|期望|要求|需要|需贵|需你|须|务必|務必|必须|应予|尽快|儘快|抓紧|抓緊|快点|赶紧|赶快|立即|立刻|马上"
    r"|速|限|"
    r"催(?!了|过|過)|等待|等你们|等贵司|保留追究|赔偿|賠償|索赔|索償|补发|补货|補貨|补送|退货|退貨|整批退"
    r"|退换|换货|更换|谁(?:来)?(?:出|承担|负责)|我要|不接受|不同意|给个|给我们|是否可以|能否|可否|如何处理"
    r"|派人|不要|怎么算|怎么赔|怎么办|全批退|全部退)"
    r"|怎么算|怎么赔|(?:今天|今日|明天|明日|本周|下周|当天|[\d一二三两]+[天日])(?:之?内|前|上午|下午)?(?:回复|答复|回覆|打电话|给我)"
    r"|请(?:贵|你|您|尽快|安排|派|于|在|厂家|给|确认|提供|分析|回复|立即|务必|协助|明天|今天|本周|下周"
    r"|各位|质量|技术|品质)|請(?:貴|你|您|盡快|安排|於)|由(?:贵|你|您|貴)(?:司|方|们|公司).{0,4}承担"
    r"|贵司承担|(?:費用|费用|损失).{0,12}(?:承担|谁出|负担|賠)|承担.{0,12}(?:损失|费用|運費|运费)|整批退货"
    r"|谁出|换来|给个说法|重新(?:提交|报价|开)|并赔偿|並賠償|"
    r"つきましては|お願い|ください|下さい|いただけ|頂け|ご対応|要望|"
    r"\b(?:please|pls|kindly|we (?:also |hereby |therefore |urgently )*(?:need|request|ask|require|expect"
    r"|demand|want|would like|insist|await|claim)|you (?:must|should|have to|need to)|asap"
    r"|as soon as possible|"
    r"at your (?:cost|expense)|(?:charged?|debited|invoiced) (?:back|to you)|be (?:invoiced|charged"
    r"|debited)|credit note|compensat\w*|reimburs\w*|(?:can|could|would|will) you|let us know|advise"
    r"|wants? us to|"
    r"(?:8d|d3|corrective action)[^.]{0,20}(?:report )?(?:is )?(?:required|expected|requested)"
    r"|waiting for your|look(?:ing)? forward to)\b"
)
# A sentence that leaves it to an attachment, unless it names a fault itself; and what may stand in it beside that.
POINTS = re.compile(r"(?i)附(?:件|檔|档|表|上|页|頁)|[见見詳详如随隨]附|attach|enclos")
UNSAID = re.compile(
    r"(?i)质量|品质|品質|质|投[诉訴]|客[诉訴]|问题|問題|不良|异常|異常|缺陷|不合格|没有|沒有|无法|complain\w*|defect\w*|problems?"
    r"|issues?|non-?conform\w*|reject\w*|\bnok?\b|\bng\b"
)
BARE_WISH = re.compile(
    r"(?i)(?:(?:烦|煩|麻烦|敬|恳)?[请請](?:贵司|貴司|贵方|您|你们|各位)?|尽快|儘快|及时|及時|务必|抓紧|帮忙|协助|安排|查收|查阅|查閱|知悉|处理|處理|回复|回覆"
    r"|答复|分析|改善|确认|確認|跟进|跟進|一下|下|并|並|和|谢谢|謝謝|多谢|please|kindly|pls|check|handle|process|reply|see|confirm"
    r"|asap|as soon as possible|thanks?|thank you|and|it|[\s，,、。.!！;；])+"
)
# What a colleague asks of a colleague, which is no wish of the customer.
HOUSEKEEPING = re.compile(
    r"(?i)登记|登記|录(?:一下|入|系统)|帮录|帮忙录|立案|走流程|按流程|请处理|请质量部处理|请重视|请看"
    r"|请跟进|请查收|请知悉|尽快处理下|麻烦处理|转发|见下|见附件|算投诉|open a case|register|log (?:it"
    r"|this)|please (?:handle|follow)|fyi|see below|(?:pls|please|kindly) (?:check|see|help|process"
    r"|take care|review|follow|handle|log|open)|跟进|查收|各位|以后都联系|联系人换成"
)
