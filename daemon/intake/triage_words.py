"""The words by which complaints get category, grade and department.  Tables for a person to read and extend; no rules.

A pattern is a Python regular expression that is searched without regard to case.
"""

from __future__ import annotations

# Category: first line that matches the complaint decides.
CATEGORIES = (
    ("安全事故", (
        r"坠落|起火|着火|爆炸|触电|烫伤|受伤|伤人|伤亡(?!$)|人身|事故(?!率)|冒烟|caught fire|on fire|explosion"
        r"|injur(?:y|ed|ies)|accident|electric shock|smoke"
    )),
    ("交付物流", (
        r"运输|運輸|物流|货代|(?:托盘|棧板|栈板).{0,10}(?:破|压|倒|塌|湿|坏|散|裂)|纸箱.{0,6}(?:破|湿|压|烂)"
        r"|外箱.{0,6}(?:湿|破|烂|压)|压坏|淋湿|受潮进水|少发|漏发|短装|短缺|少装一?箱|短少|少了.{0,3}箱|少送|缺货"
        r"|未到货|没到货|没收到货|迟交|延误|延迟交|迟到|拖期|交期.{0,6}(?:延|晚|迟|拖|推|误)|(?:延误"
        r"|拖延).{0,4}交期|交不出|错发|发错|送错|"
        r"crushed|crates?\b.{0,30}(?:broken|damag|wet)|damaged (?:pallet|carton|in transit|during transport"
     r"|packag)|transport damage|pallets?\b.{0,30}(?:damag|wet|broken)|wet cartons?|soaked|short[- ]?ship"
     r"|short deliver|late deliver|delayed? (?:deliver|shipment)|delivery (?:is )?(?:late|delay|overdue)"
     r"|not (?:been )?delivered|missing (?:carton|box|pallet)|"
     r"wrong (?:address|destination)|少发一箱|納期遅|未納|輸送"
    )),
    ("价格", (
        r"单价|單價|价格|價格|多收|多开|涨价|报价|对账单?.{0,6}(?:不符|差)|开票|发票.{0,12}(?:错|不符|有误"
        r"|金额|单价)|unit price|wrong price|overcharg|price (?:difference|increase|on the invoice)"
        r"|invoiced? (?:price|amount)|billing"
    )),
    ("合同纠纷", (
        r"合同(?!号|编号).{0,20}(?:违约|不符|纠纷|未履行|条款|约定|终止)|违约|逾期付款|拒付|拖欠"
        r"|breach of contract|contract (?:dispute|terms|breach)|违反协议|保证金|质保金"
    )),
    ("售后维修", (
        r"保修|质保期|维修费|維修|维修|返修|上门|售后(?:服务)?(?!在|部)|现场服务|装机.{0,8}(?:月|天|年)"
        r"|使用.{0,6}(?:个月|年).{0,6}后?|warranty|repair (?:cost|service)|after[- ]sales"
        r"|field service (?:visit|call|request|is needed)|修理"
    )),
    ("服务质量", (
        r"服务态度|态度|推诿|不回复|没人回复|无人回复|无人接听|打不通|回复(?:太|很|不)?(?:慢|及时)|不理|敷衍"
        r"|投诉无门|(?:slow|no|poor) (?:response|service|communication|reply)|rude|unprofessional|対応が遅"
    )),
)  # fmt: skip
# What makes a defect in a customer's hands a matter of after-sales service, when it is asked for.
AFTER_SALES = (
    r"保修期?|质保期|三包|维修费\w*|免费维修|上门维修|上门|现场维修|返修费|warranty|repair costs?|field service"
)
QUALITY = "产品质量"
OTHER = "其他"

# Grade 重大: any of these.
CRITICAL = (
    r"停线|停產|停产|停机待料|断线|断料|全线停|产线(?:已|被迫)?停|line[- ]?(?:stop|down|stoppage)"
    r"|stop(?:ped)? (?:the |our )?(?:assembly |production )?line|(?:line|production)\b.{0,20}\b(?:is "
    r"|has been |was )?(?:stopped|down|halted)|shut ?down|ライン停止|"
    r"召回|recall|安全(?:件|附件|事故|隐患|法规|带|气囊)|法规|S特性|safety[- ](?:critical|relevant|part"
    r"|issue|hazard)|伤亡|受伤|坠落|起火|着火|爆炸|触电|injur|fire|律师|起诉|诉讼|lawsuit|legal action"
    r"|lawyer|媒体曝光|监管|特检|取消供应商资格|安全装置|安全保护|燃气|可燃气体|有毒|特大|重大质量|人身"
)  # fmt: skip
# Grade 重要: any of these, or the counts below.
MAJOR = (
    r"functional test|functional? fail|open circuit|short circuit|功能(?:失效|不良)|性能不良"
    r"|production (?:is )?waiting|待料|等料|又(?:有|出|断|发|是|一次|来)|再次|再度|重复|重複"
    r"|第[二三四五六2-6]次|多次|屡次|屡教|上次.{0,12}(?:也"
    r"|都|就|发生|出现)|again|repeat(?:ed)?|recurr|once more|再発|索赔|索償|赔偿|賠償|赔付|扣款|罚款|费用"
    r"|運費|运费|工时费|倉租|误工|"
    r"on your account|charge (?:us|you) for|claim\b|credit note|compensat|charge(?:d)? back|at your (?:cost"
    r"|expense)|invoiced to you|debit|整批"
    r"|全批|退货|退貨|全部退|全检费|装不上|插不到位|插不上|无法装配|无法使用|不能使用|装配.{0,6}(?:松动"
    r"|干涉|困难|不上|不到位)|异响|噪音|噪声|漏|泄漏|卡滞|失效|失灵|开裂|断裂|断轴|"
    r"タップ不良|緩み|途中で止まる|cannot use|cannot be (?:used|assembled|installed)|not usable|can't use"
    r"|leak|crack|broken|crush|soaked|noise|urgent|紧急|严重|嚴重|严正"
)  # fmt: skip
# A wish for goods back weighs nothing when the fault is small in number and kind.
MINOR = r"外观轻微|輕微|轻微|特采|特採|让步|minor|cosmetic|slight"
MAJOR_PIECES = 100
MAJOR_RATE = 0.05

# Department: what a line of the routing rules may be called → what such complaints say.
# A company's own rules (config.toml) decide order and departments; they are recognised by the names on the left.
ROUTES = (
    (r"运输损坏|运输|物流|货损|包装破损|在途", (
        r"运输|運輸|物流损|(?:托盘|棧板|栈板).{0,10}(?:破|压|倒|塌|湿|坏|散|裂)|外箱.{0,6}(?:湿|破|烂|压)|压坏"
        r"|淋湿|货代|纸箱.{0,6}(?:破|湿|烂|压)|crushed|crates?\b.{0,30}(?:broken|damag|wet)|soaked|transport"
        r"|in transit|pallets?|forwarder|trucker|輸送"
    )),
    (r"短装|少发|短少|数量不符|漏发|少货", (
        r"少发|漏发|短装|短缺|短少|少送|少了.{0,4}箱|少.{0,3}箱|缺.{0,2}箱|实收.{0,6}箱|实收(?:数量)?(?:少|只有)"
        r"|short[- ]?(?:ship|deliver|age)|missing (?:carton|box|pallet)|数量不足|数量短缺|員数"
    )),
    (r"迟交|延误|延迟|交期|逾期|拖期", (
        r"迟交|延误|延迟交|拖期|交期.{0,6}(?:延|晚|迟|拖|推|误)|(?:延误|拖延).{0,4}交期|未到货|没到货|未按期"
        r"|逾期未交|late deliver|delayed? (?:deliver|shipment)|delivery (?:is )?(?:late|delay|overdue)|overdue"
        r"|納期"
    )),
    (r"错发|发错|地址", r"错发|发错(?:地址|货)|送错|地址(?:错|不对|有误)|wrong (?:address|destination)"),
    (r"价格|单价|报价|对账", (
        r"单价|單價|价格|價格|多收|涨价|unit price|wrong price|overcharg|price difference|invoiced? (?:price"
        r"|amount)"
    )),
    (r"合同|协议", (
        r"合同(?!号|编号).{0,20}(?:违约|不符|纠纷|条款|约定)|与合同不符|违约|breach of contract"
        r"|contract dispute"
    )),
    (r"商务|条款", r"商务条款|付款条件|账期|payment terms|commercial terms"),
    (r"发票|开票|票据", (
        r"发票.{0,12}(?:错|不符|有误|未|没)|开票|红冲|wrong invoice|invoice (?:is )?(?:wrong|incorrect)"
        r"|billing"
    )),
    (r"付款|货款|收款|回款", r"货款|多付|重复付款|退款|拖欠|refund|overpaid"),
    (r"服务态度|回复慢|态度|响应", (
        r"服务态度|态度(?:差|恶劣|不好)|推诿|没人回复|无人回复|打不通|回复(?:太|很)?慢|无人接听|poor service"
        r"|slow response|no (?:reply|response)|rude"
    )),
    (r"维修|修理", r"维修|維修|修理|上门|repair (?:cost|service)|field repair"),
    (r"保修|质保|三包", r"保修|质保期|三包|warranty"),
    (r"返修", r"返修(?:费|期|件)|送修|寄回.{0,4}修"),
    (r"现场服务|售后服务|安装调试",
    r"现场服务|售后服务|安装调试|调试|field service (?:visit|call|request)|after[- ]sales service"),
    (r"外购|外协|采购件|供应商来料", r"外购|外协|委外|bought[- ]in|purchased part|sub-?supplier"),
    (r"原材料|来料不良|材料|原料", (
        r"原材料|原料(?!仓)|材质(?:不符|错|成分)|材料(?:用错|错误|不符|成分|牌号)|钢丝.{0,4}问题|raw material"
        r"|wrong material|material (?:composition|grade|certificate)|材質"
    )),
    (r"设计", (
        r"设计(?:缺陷|问题|不合理|变更|错误|要求)|結構不合理|结构不合理|design (?:fault|flaw|issue|error"
        r"|change)|設計"
    )),
    (r"新品|试制|样品|样件|试样|开发", (
        r"新品|试制|(?<![与和比跟同])样件(?![^，,。]{0,12}(?:比|对照|一致|不符))|样品(?!一致)|打样|试模|PPAP"
        r"|首样|T[0-3]件|送样|prototype|sample parts?|trial (?:build"
        r"|run|parts)|first article|試作"
    )),
    (r"技术标准|图纸|技术资料|规格书|标准", (
        r"图纸(?:版本|错|不一致|变更|[A-Z]版|未更新|有误)|版本(?:错|不一致|不符)|[A-F]版|技术(?:标准|协议"
        r"|资料)|规格书|drawing (?:revision|version)|wrong revision|outdated (?:drawing|revision)"
        r"|specification (?:conflict|unclear)|rev(?:ision)?\.? [A-Z] (?:instead of|vs)"
    )),
    (r"作业|工艺|操作|违规|未按", (
        r"未按(?:工艺|作业|标准|规定|要求).{0,8}(?:操作|作业|生产|执行)|违规操作|漏工序|漏序|作业(?:错误|失误)"
        r"|未(?:倒角|去毛刺|热处理|电镀)|missed (?:process|operation)|skipped (?:process|operation)"
    )),
    (r"装配|组装", (
        r"装反|错装|漏装(?!.{0,3}箱)|少装(?!.{0,3}箱)|装错|未拧紧|漏打|螺丝(?:松|未|漏)|组装(?:错误|不良)"
        r"|装配(?:错误|不良|反)|assembl(?:y|ed) (?:error|wrong|incorrect)|missing (?:screw|spring|part"
        r"|component)|組立(?:ミス|不良)|未組付"
    )),
    (r"注塑|成型", r"短射|缺料|缺胶|注塑|欠注|熔接线|short[- ]?shot|injection mou?ld|ショート"),
    (r"焊接|焊", r"虚焊|脱焊|开焊|漏焊|假焊|焊接|焊缝|焊点|weld|solder|溶接|はんだ"),
    (r"冲压|冲切", r"冲压|冲偏|stamping|プレス"),
    (r"机加|加工|车削|铣|磨", r"未加工|漏加工|机加工不良|加工错误|刀具"),
    (r"电镀|表面处理|喷涂|涂装", r"电镀|電鍍|镀层|鍍層|喷涂|涂层|涂装|掉漆|漆面|plating|coating|paint|メッキ|塗装"),
    (r"包装|标签|标识", r"包装|标签|標籤|标识|条码|label|packag|barcode|ラベル|梱包"),
    (r"软件|电气|程序", r"软件|程序|固件|电气|通讯|software|firmware|electrical"),
)  # fmt: skip
DEFAULT_ROUTE = r"默认|缺省|其他|其它|其余|default|other"
