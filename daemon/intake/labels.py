"""What forms and letters call the facts of a complaint: tables of labels for a person to read and extend."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# key → what stands before the colon (or in the cell to the left), without spaces, in lower case.
# A label that is read in order not to be mistaken for another fact has the key "".
LABELS = {
    "customer": (
        "客户名称", "客户", "客户单位", "客户公司", "公司", "公司名称", "单位", "单位名称", "投诉单位", "投诉客户",
        "需方", "买方",
        "客戶", "客戶名稱", "公司名稱", "貴司名稱", "会社名", "御社名", "得意先", "customer", "customername",
        "company", "companyname",
        "client", "反馈单位", "采购方", "终端客户", "end customer", "来电单位", "投诉方", "来函单位", "客訴單位",
    ),
    "site": (
        "收货工厂", "工厂", "客户基地", "基地", "收货基地", "使用工厂", "工厂名称", "厂区", "使用单位", "分厂",
        "事业部", "工廠", "廠區", "工場",
        "plant", "site", "factory", "location", "receivingplant", "発生場所", "发生工厂", "发生地点", "收货地点",
        "生产基地", "廠別", "厂别", "使用廠區", "收货厂区", "车间", "使用部门",
    ),
    "product_name": (
        "产品名称", "产品", "品名", "物料名称", "物料描述", "物料", "零件名称", "零件名", "部件名称", "货品名称",
        "商品名称", "商品", "名称", "货物名称",
        "產品名稱", "產品", "物料名稱", "零件名稱", "部品名", "製品名", "product", "productname", "partname", "part",
        "article", "item",
        "description", "partdescription", "materialdescription", "itemdescription", "件名称", "产品名称/型号",
        "品名规格", "品名/料号",
        "产品名称及型号", "品名型号", "不良品名", "投诉产品", "涉及产品", "反馈产品", "问题产品", "品名規格",
        "貨品名稱",
    ),
    "part_no": (
        "产品型号", "型号", "料号", "物料编码", "物料编号", "物料号", "零件号", "零件图号", "图号", "货号",
        "产品编号", "产品编码", "品号", "规格型号", "型号规格",
        "件号", "零件编号", "产品图号", "产品料号", "产品代码", "存货编码", "編號", "料號", "型號", "圖號", "品號",
        "產品型號", "物料編號", "零件號", "客户料号",
        "品番", "部品番号", "図番", "型番", "partnumber", "partno", "p/n", "pn", "partnr", "itemno", "itemnumber",
        "materialno", "material",
        "materialnumber", "model", "modelno", "articleno", "articlenumber", "drawingno", "drawing", "sku",
        "yourpartno", "yourpart", "供应商料号",
        "贵司料号", "产品规格", "规格", "款号", "牌号", "物号", "產品編號",
    ),
    "batch_no": (
        "批次号", "批次", "批号", "生产批号", "生产批次", "产品批次", "产品批号", "供应商批号", "供应商批次",
        "不良批次", "不良批号", "来料批次", "来料批号", "炉号", "炉批号",
        "生产批", "出厂编号", "喷码", "外箱喷码", "到货批次", "物料批次", "涉及批次", "批號", "批次號", "生產批號",
        "lot", "lotno", "lotnumber", "batch",
        "batchno", "batchnumber", "lot/batch", "lotcode", "batchcode", "ロット", "ロット番号", "ロットno",
        "chargennummer", "charge", "生产日期批次", "生产批", "製造批號", "製造批", "制造批号", "制造批",
        "供方批次", "供方批号",
        "炉号批次", "heat", "heatno", "heat/lot", "heatnumber", "钢印", "追溯码", "追溯号",
    ),
    "order_no": (
        "订单号", "订单编号", "采购订单", "采购订单号", "采购单号", "订单", "po", "po号", "pono", "ponumber",
        "purchaseorder", "orderno", "ordernumber",
        "order", "purchaseorderno", "訂單號", "訂單編號", "訂單", "採購單號", "採購單", "注文番号", "発注番号",
        "客户订单号", "合同订单号", "销售订单号", "ourpo", "ourorder",
    ),
    "quantity_delivered": (
        "到货数量", "来料数量", "来料数", "交货数量", "交付数量", "发货数量", "送货数量", "送货数", "收货数量",
        "收货数", "进货数量", "批量", "交货数", "到货数", "总数量", "总数",
        "入库数量", "供货数量", "采购数量", "本批数量", "批次数量", "交付", "到貨數量", "交貨數量", "來料數量",
        "進貨數量", "納入数", "納入数量", "納品数", "出荷数", "qtydelivered",
        "quantitydelivered", "deliveredqty", "deliveredquantity", "qtyreceived", "quantityreceived", "receivedqty",
        "receivedquantity",
        "deliveryqty", "deliveryquantity", "lotsize", "lotquantity", "lotqty", "batchquantity", "batchqty",
        "qtyshipped", "quantityshipped",
        "shippedqty", "totalquantity", "totalqty", "收货", "到货", "来料", "shipped", "delivered", "received",
        "领用数量",
        "到货数", "送检数量", "送检数", "出货数量", "出貨數量", "出货数", "出貨數", "交貨數", "shipmentqty",
    ),
    "quantity_defective": (
        "不良数量", "不良数", "不合格数量", "不合格数", "缺陷数量", "缺陷数", "故障数量", "故障数", "发生数量",
        "发生数", "ng数量", "ng数", "不良品数", "不良品数量", "异常数量", "不良件数",
        "问题数量", "退货数量", "投诉数量", "涉及数量", "报废数量", "不良數量", "不良數", "異常數量", "不合格數量",
        "不良個数", "不良数(個)", "qtynok", "qtynokfound", "nokqty",
        "quantitynok", "qtydefective", "quantitydefective", "defectiveqty", "defectivequantity", "defectqty",
        "defectquantity", "qtydefect",
        "rejectedqty", "rejectqty", "qtyrejected", "quantityrejected", "ngqty", "affectedqty", "affectedquantity",
        "qtyaffected",
        "quantityaffected", "nokparts", "defectiveparts", "failedqty", "抽检/不良", "抽检不良", "检验/不良",
        "拒收数量", "拒收数",
        "判退数量", "rejectedsofar", "发现数量", "累计不良",
        "不良合计", "howmany", "nokquantity", "ngquantity", "客诉数量", "客訴數量",
    ),
    "defect_rate": (
        "不良率", "不合格率", "缺陷率", "故障率", "故障", "不良比例", "比例", "不良占比", "ng率", "不良比率",
        "defectrate", "rejectrate", "failurerate", "nokrate", "ppm",
    ),
    "phenomenon": (
        "问题描述", "不良现象", "不良描述", "缺陷描述", "不良内容", "异常描述", "异常现象", "故障现象", "故障描述",
        "投诉内容", "现象", "现象描述", "问题", "内容", "反馈内容", "留言内容", "不良项目", "不良原因描述",
        "不合格描述", "不合格现象", "不合格内容", "问题现象", "失效模式", "失效现象", "质量问题", "具体问题",
        "情况说明", "不良情况", "留言", "详情", "说明", "描述", "缺陷", "異常描述", "異常現象", "不良現象",
        "問題描述", "問題",
        "不具合内容", "不良内容", "現象", "不具合現象", "不良", "不合格", "异常", "ng", "problem",
        "problemdescription", "issue", "issuedescription",
        "defect", "defectdescription",
        "failure", "failuredescription", "failuremode", "complaint", "complaintdescription", "nonconformity",
        "nonconformance", "findings",
        "message", "comments", "what", "whathappened", "事由", "投诉事项", "投诉事由", "异常内容", "不符合项",
        "不符合描述", "異常說明", "异常说明", "不良說明", "不良说明", "問題說明", "故障说明", "不良項目",
        "质量问题描述", "不良现象描述", "不良現象描述", "异常现象描述", "異常現象描述", "故障现象描述", "问题现象描述",
        "问题点", "問題點", "问题点描述", "投诉描述", "客诉内容", "客訴內容", "客诉描述", "客訴描述", "投訴內容",
        "发现", "今日发现", "本日发现", "rejected", "affected", "defective",
    ),
    "demand": (
        "处理要求", "客户要求", "要求", "诉求", "客户诉求", "我司要求", "我方要求", "处置方式", "处理方式",
        "处理意见", "期望", "期望处理", "要求措施", "处置意见", "处置要求", "改善要求", "回复要求", "要求事项",
        "索赔要求", "期望解决方案", "處理要求", "處理方式", "客戶要求", "訴求", "ご要望", "要望", "依頼事項",
        "ご依頼事項", "request", "requests", "requestedaction",
        "actionrequired", "requiredaction", "actionrequested", "demand", "demands", "expectation", "expectedaction",
        "disposition",
        "requirement", "requirements", "our request", "ourrequest", "处置", "处置结果", "建议处置", "要求事項",
        "希望贵司",
        "期望贵司", "要求贵司", "恳请贵司", "请贵司", "需贵司", "希望", "期待", "對策要求", "对策要求", "我们的要求",
    ),
    "customer_due": (
        "要求回复时间", "要求回复日期", "回复期限", "要求完成时间", "要求完成日期", "回复截止", "截止日期",
        "截止时间", "要求日期", "期望回复时间", "客户要求回复时间", "8d提交时间", "要求期限", "回覆期限",
        "要求回覆日期", "要求8d回复日期", "要求回复", "回复日期要求",
        "duedate", "replyduedate", "responseduedate", "replyby", "responsedue", "replydue", "deadline",
        "responseby", "回答期限",
        "回答希望日",
    ),
    "contact_name": (
        "姓名", "联系人", "责任人", "投诉人", "反馈人", "经办人", "客户联系人", "提交人", "报告人", "您的姓名",
        "称呼", "聯絡人", "聯繫人", "姓名/职务", "担当", "担当者", "ご担当者", "contact",
        "contactperson", "contactname", "name", "yourname", "reportedby", "发起人", "检验员", "联系人姓名", "對口人",
        "对接人", "sqe", "来电人", "致电人", "来函人", "经办", "承办人", "承辦人", "填表人", "填单人",
    ),
    "contact_phone": (
        "手机", "手机号", "手机号码", "联系电话", "电话", "联系方式", "移动电话", "电话号码", "手機", "電話",
        "聯絡電話", "行動電話", "連絡先", "携帯", "tel", "tel.", "telephone", "phone",
        "phonenumber", "mobile", "mobil", "cell", "mob", "contactphone", "whatsapp", "zalo", "phone/wechat",
    ),
    "contact_email": (
        "邮箱", "电子邮箱", "电邮", "邮件", "联系邮箱", "电子邮件", "信箱", "郵箱", "電子郵件", "メール",
        "メールアドレス", "email", "e-mail", "mail", "emailaddress",
    ),
    "quantity_inspected": (
        "检验数量", "检验数", "抽检数量", "抽检数", "抽样数", "抽样数量", "抽样", "检查数", "检测数量", "検査数",
        "抽檢數", "抽樣數", "inspectedqty", "qtyinspected", "quantityinspected", "samplesize", "sampleqty",
        "inspected",
    ),
    "": (
        "供应商", "供应商名称", "供方", "卖方", "廠商", "供應商", "supplier", "suppliername", "vendor", "vendorname",
        "致", "to", "单据编号", "单号", "编号", "ncr", "ncrno",
        "ncrnumber", "no", "no.", "抄送", "cc", "合同号", "合同编号", "发票号", "运单号", "送货单号", "deliverynote",
        "dn", "asn", "日期", "发现日期", "发生日期", "发生日", "检验日期", "到货日期", "交货日期",
        "发现时间", "发生时间", "提交时间", "ip", "发生工位", "工位", "工序", "发现工序", "发生工序", "发现工段",
        "发现场所", "发现区域", "图片",
        "照片", "附件", "附图", "传真", "傳真", "fax", "地址", "网址", "date", "attachment", "attachments",
        "photo", "photos", "picture", "备注", "備考", "remark", "remarks", "库存", "库存数量", "在途数量",
        "紧急程度", "优先级", "priority", "status", "状态", "类别", "投诉类别", "检验标准",
        "部门", "职务", "职位", "department", "title", "subject", "主题", "website", "wechat", "微信", "qq",
        "投入数", "投入数量", "生产线", "line", "发现人", "審核", "审核", "已装车", "车型", "项目",
        "発生日", "発生工程", "納入日", "発見日", "检验结果", "判定", "国家", "country", "来源", "source",
        "投诉等级", "严重程度", "等级", "severity", "sn", "serialno", "序列号", "数量单位",
        "delivery date", "deliverydate", "dateofdelivery", "invoice", "invoiceno", "运费", "合格证编号", "送货单",
        "提单号", "awb", "ticketno", "客诉编号", "客诉单号", "客訴編號", "客訴單號", "投诉编号", "投诉单号", "客诉日期",
        "客訴日期", "投诉日期", "反馈日期", "供应商代码", "suppliercode", "scarno", "issuedate", "嚴重度", "严重度",
    ),
}  # fmt: skip
KEY_OF = {re.sub(r"\s+", "", label.lower()): key for key, labels in LABELS.items() for label in labels}
LONGEST = max(map(len, KEY_OF))
BULLET = (
    r"[ \t\u3000]*(?:[-*•·●○■□◆◇▪▶➢※・►▲△▼▽★☆✓✔]+|[（(]?\d{1,2}[.、)）]|[①-⑳]"
    r"|[一二三四五六七八九十]{1,2}[、.])?[ \t\u3000]*"
)
LABELLED = re.compile(
    rf"^{BULLET}[【\[*]*([^\n:：\t=|。；;]{{1,40}}?)[】\]*]*[ \t\u3000]*(?:[:：=][ \t\u3000*]*|\t[\t ]*"
    rf"|[ ]*\|[ ]*|[】\]][ \t]*)(.*)$"
)
BARE_FAULT = re.compile(r"(?i)不良|不合格|异常|異常|缺陷|NG|defects?|defective|(?:今日|本日)?发现|rejected|affected")
MOST_PAIRED = 13  # cells in a row of labels and values
PARENTHESIS = re.compile(r"[(（].*?[)）]|[*★]")


def key_of(label: str) -> str | None:
    """Return the key that a label means, "" for one that is no fact of ours, None when it is no label."""
    return _key_of(label) if len(label) <= 2 * LONGEST else None


@lru_cache(maxsize=4096)
def _key_of(label: str) -> str | None:
    plain = unicodedata.normalize("NFKC", label).lower()
    folded = re.sub(r"[\s\u3000]+", "", plain).strip(".:：、#*-…·")
    for name in (folded, PARENTHESIS.sub("", folded).strip("."), *_in_each_language(plain), *_of_whom(folded)):
        if name in KEY_OF:
            return KEY_OF[name]
    return None


def _in_each_language(label: str) -> Iterator[str]:
    """Yield the Chinese and the Latin half of a bilingual label: `品名 Part name`, `Batch No. 批号`."""
    latin = re.sub(r"[^\x00-\x7f]+", " ", label)
    asian = re.sub(r"[\x00-\x7f]+", " ", label).strip()
    if latin.strip() and asian and " " not in asian:
        yield asian
        yield re.sub(r"\s+", "", latin).strip(".:/-#*")


def _of_whom(folded: str) -> Iterator[str]:
    """Yield a label without whose it is, and without dots: `our p.o.`, `your p/n`, `贵司批号`."""
    plain = folded.replace(".", "")
    yield plain
    yield re.sub(r"^(?:our|your|the|我司|贵司|我方|贵方|该|本)", "", plain)


def pairs(line: str) -> list[str]:
    """Return a row of a table that holds several labels, each with its value, as lines; any other line as it is."""
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) < MOST_PAIRED and len(cells) >= 4 and len(cells) % 2 == 0 and all(map(_is_label, cells[::2])):
        return [f"{label}\t{value}" for label, value in zip(cells[::2], cells[1::2], strict=True)]
    return _two_in_one(line)


def _is_label(cell: str) -> bool:
    return key_of(cell.rstrip(":：")) is not None


def _two_in_one(line: str) -> list[str]:
    """Cut `料号/品名: GZ-70 / 保持架` in two."""
    match = LABELLED.match(line)
    labels = re.split(r"\s*[/／]\s*", match[1]) if match else []
    values = re.split(r"\s+[/／]\s+", match[2].strip()) if match else []
    if len(labels) == len(values) == 2 and all(map(_is_label, labels)):
        return [f"{label}：{value}" for label, value in zip(labels, values, strict=True)]
    return [line]


def labelled(line: str) -> tuple[str, str] | None:
    """Return (key, value) of a line `label: value`, or None when the line begins with no label we know."""
    match = LABELLED.match(line.lstrip(" \t\u3000"))
    if not match:
        return None
    key = key_of(match[1])
    if key == "phenomenon" and BARE_FAULT.fullmatch(match[1].strip()) and re.match(r"\s*\d", match[2]):
        key = "quantity_defective"
    return None if key is None else (key, match[2].strip(" \t|"))
