"""What the cast writes, as text."""

FORM = """您好：

我司来料检验发现贵司产品不良，请尽快处理。

客户名称：北方电机制造有限公司
收货工厂：沈阳一厂
产品名称：前端盖
产品型号：BF-2207
批次号：20261020-02
订单号：PO88120045
交货数量：3000
不良数量：{bad}
问题描述：{symptom}
处理要求：请提供8D报告。

李娜
北方电机制造有限公司 品质部
电话：024-8888 1234
"""

GRAVE = "轴承室内径偏大0.03mm，装配后轴承松动。"
SLIGHT = "外表面有轻微划痕，请改善包装。"

CROOKED = "标签贴歪，请改善。"
DULL = "漆面发暗、色差，请改善。"

LINE_STOP = """Dear team,

our assembly line at plant Dearborn has stopped since 6 am because of your connector housing HC-310, lot 26W43.
47 of 500 pieces are cracked at the latch. This is a line down situation.
Please send replacement parts today and a 8D report.

Customer: Northwind Automotive Inc.
Product: connector housing
Part no.: HC-310
Lot: 26W43

Best regards,
Jane Miller
Northwind Automotive Inc.
Phone: +1 313 555 0147
"""

CONTAINMENT = """D3 临时措施：
客户端：已隔离 3000 件，挑选出不良 30 件，责任人 孙大鹏，11月3日完成。
成品库：检查 1200 件，不良 12 件；在途、来料不适用，无同批次。
"""

CAUSE_AND_ACTION = """D4 发生原因：刀具补正值输入错误（小数点错位），再现试验确认。
D4 流出原因：首件检查表没有轴承室内径这一项。
D5 永久措施：补正值由测量机自动回传，责任人 孙大鹏，11月12日完成；首件检查表增加内径项，责任人 王晓燕，11月10日完成。
"""

RESULTS = """D6 实施：11月12日自动回传已启用；连续3批1500件内径CPK 1.52，不良0件（改善前1%）。
D7 预防：PFMEA、控制计划、作业指导书已改版；水平展开到BF-2208、BF-2210两个型号。
"""


def bounce(notice):
    """What the mail server sends back when an address is gone (RFC 3464)."""
    return (
        b"From: MAILER-DAEMON@hongyuan.example\r\nTo: complaints@hongyuan.example\r\n"
        b"Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        b"Message-ID: <bounce1@hongyuan.example>\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=XX\r\n\r\n"
        b"--XX\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n"
        b"--XX\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.hongyuan.example\r\n\r\n"
        b"Final-Recipient: rfc822; " + notice.to.encode() + b"\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        b"--XX\r\nContent-Type: message/rfc822\r\n\r\n" + notice.raw + b"\r\n--XX--\r\n"
    )
