"""What the people of the story write.  All names are made up."""

from __future__ import annotations

FORM = """您好：

贵司供应的端子盖在我司装配时发现不良，请尽快处理。

客户名称：北方电机制造有限公司
收货工厂：沈阳一厂
产品名称：端子盖组件
产品型号：BF-2207
批次号：20261020-02
订单号：PO88120045
交货数量：3000
不良数量：30
问题描述：端子焊接虚焊，焊点脱落，整机通电无输出。
处理要求：请派人到厂挑选，并提供8D报告。

李娜
北方电机制造有限公司 品质部
电话：024-8888 1234
"""

FORWARD = """海川的件又压坏了，客户很着急，麻烦登记处理。

林佳怡
销售部

-----邮件原件-----
发件人: 周敏 <zhoumin@haichuan.example>
发送时间: 2026年11月2日 9:42
收件人: 林佳怡 <lin.jiayi@hongyuan.example>
主题: 运输途中外箱破损

林经理：

今天到货的风叶（料号 HC-0931，批次 26W43）运输途中外箱破损，到货1200件中压坏200件，无法上线。
请补货200件，并说明以后如何避免。

周敏
海川家电有限公司 采购部
手机：13900001188
"""

LINE_STOP = """紧急！

贵司连接器外壳（型号 HR-C310，批次 26W44）在我司总装线大量卡扣断裂，产线已于凌晨2点停线！
已发现不良47件，投入500件。请立即派人到现场并紧急补货，2小时内回复应急措施。

王强
华瑞汽车零部件有限公司 质量部
电话：021-6666 0188
"""

ENGLISH = """Dear team,

we found cracks at the latch of your connector housing. Please find the details below.

Customer: Northwind Automotive Inc.
Plant: Dearborn
Product: connector housing
Part no.: HC-310
Lot: 26W43
Quantity delivered: 2,000 pcs
Quantity defective: 12 pcs
Problem: cracks at the latch after insertion, the connector does not lock.
Request: please send an 8D report.

Best regards,
Jane Miller
Supplier Quality, Northwind Automotive Inc.
Phone: +1 313 555 0147
"""

PRICE = """您好：

10月对账单中，我司订单 PO2026-118 的传感器支架（料号 SC-77）单价与合同不一致，多收货款 3,260 元。
请核对价格并重开发票。

陈工
苏城仪表有限公司 财务部
电话：0512-6900 2210
"""

ADVERT = """尊敬的客户：

2026 精益生产与六西格玛公开课火热报名中，早鸟价 8 折优惠，限时三天！点击链接立即报名。
如不希望收到此类邮件，请点击退订。
"""

AWAY = "您好，我在外出差，11月5日返回公司，期间邮件回复可能不及时。紧急事务请致电 8233。"

EMERGENCY_3 = """已安排：1. 驻线工程师2:50到客户产线逐件目检，良品先上线；2. 中转库800件凌晨3:30发出换货；3. 在途批次26W44通知客户隔离。"""

CONTAINMENT_1 = """D3 临时措施：
客户端：隔离3000件，挑选出不良30件，方法 通电测试，责任人 孙大鹏，11月3日完成。
中转库：检查800件，不良2件；在途：无。
成品库：检查1200件，不良6件，隔离红箱；半成品、产线、来料：不适用，焊接后才出现。
"""

CAUSE_1 = """D4 发生原因：10月20日波峰焊预热区2号加热管损坏，板面温度由110℃降到88℃，焊料润湿不足。更换加热管后再现试验确认。
D4 流出原因：通电测试只测首末件，未全检；炉温曲线每周才测一次，没有发现温度下降。
D5 永久措施：1. 加热管电流接入报警联锁，责任人 孙大鹏，11月12日完成（对应发生原因）；
2. 通电测试改为全检并由系统卡控，责任人 王晓燕，11月10日完成（对应流出原因）。
"""

RESULTS_1 = """D6 实施：11月10日通电全检上线，11月12日报警联锁验收；连续3批1500件虚焊0件（改善前1%）。
D7 预防：PFMEA、控制计划、作业指导书已改版；水平展开到BF-2208、BF-2210两个型号的波峰焊线；检验员已培训。
"""

CONTAINMENT_3 = """D3 临时措施：
客户产线：到场2人，检查453件，不良9件，其余上线，5:10恢复生产，责任人 刘志强。
中转库：800件检查合格已换货；在途：2000件退回；成品：3600件全检，不良41件；来料：树脂批次封存。
"""

CAUSE_3 = """D4 发生原因：树脂烘料时间由4小时误设为1小时，含水率0.31%（标准0.05%以下），卡扣注塑后脆化。含水率对比试验再现。
D4 流出原因：出货检验没有卡扣弯折试验项目。
D5 永久措施：烘料机程序加密码锁定，参数变更须审批，责任人 刘志强，11月9日完成（对应发生原因）。
"""

ACTION_3 = """D5 永久措施：
1. 烘料机程序加密码锁定，参数变更须审批，责任人 刘志强，11月9日完成（对应发生原因）；
2. 出货检验增加卡扣弯折试验，每批32件，责任人 王晓燕，11月6日完成（对应流出原因）；上料前含水率在线测定，超标自动停机。
"""

RESULTS_3 = """D6 实施：11月6日弯折试验、11月9日参数锁定已完成；5批4000件弯折试验0失效，含水率最高0.04%。
D7 预防：烘料参数写入控制计划并由系统点检；水平展开到全部PA66产品的6台烘料机。
"""

CONTAINMENT_4 = """D3 临时措施：
客户端：Dearborn 工厂库存1900件委托第三方挑选，不良14件；在途：1000件到港后全检；
成品：2400件全检，不良5件；其余不适用。
"""

CAUSE_4 = """D4 发生原因：模具第3穴卡扣根部R角磨损为0.1（图纸0.3），应力集中。
D4 流出原因：模具保养点检表没有R角项目。
D5 永久措施：第3穴更换镶件，责任人 刘志强，11月13日完成；点检表增加R角，每5万模测量一次，责任人 王晓燕，11月10日完成。
"""

CONTAINMENT_4B = """D3 临时措施：
客户端：26W44批次800件一并挑选，不良2件；成品：26W44、26W45共3100件全检，不良3件，全部隔离；在途：无。
"""


def undelivered(to: str, raw: bytes) -> bytes:
    """Return the report by which the mail server tells that an address is gone (RFC 3464)."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    return (
        b"From: MAILER-DAEMON@hongyuan.example\r\nTo: complaints@hongyuan.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        b"Message-ID: <bounce-1@mx.hongyuan.example>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=dsn\r\n\r\n"
        b"--dsn\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nI could not deliver your message.\r\n"
        b"--dsn\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.hongyuan.example\r\n\r\n"
        b"Final-Recipient: rfc822; " + to.encode() + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 mailbox does not exist\r\n\r\n"
        b"--dsn\r\nContent-Type: text/rfc822-headers\r\n\r\n" + head + b"\r\n\r\n--dsn--\r\n"
    )
