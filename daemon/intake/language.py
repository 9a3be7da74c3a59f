"""Tell in which language a text is written, by its characters."""

from __future__ import annotations

import re

KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
HAN = re.compile(r"[\u3400-\u9fff]")
# Frequent characters that only one of the two writing systems uses.
TRADITIONAL = frozenset(
    "們個這來時說對會過發經問題與為無從後開關給讓該應請謝產業質檢驗貨廠機電線統單處報價數標準規結構圖紙號達嚴種類適當時間將見現於並還個點隻兩層產號務動務貴"
)
SIMPLIFIED = frozenset(
    "们个这来时说对会过发经问题与为无从后开关给让该应请谢产业质检验货厂机电线统单处报价数标准规结构图纸号达严种类适当时间将见现于并还个点只两层产号务动务贵"
)
ONLY_TRADITIONAL, ONLY_SIMPLIFIED = TRADITIONAL - SIMPLIFIED, SIMPLIFIED - TRADITIONAL


def language_of(text: str) -> str:
    """Return ja, zh-TW, zh-CN or en."""
    han = HAN.findall(text)
    if len(KANA.findall(text)) > max(3, len(han) // 6):
        return "ja"
    if len(han) < 2 or len(han) * 12 < len(re.findall(r"[A-Za-z]", text)):
        return "en"
    traditional = sum(c in ONLY_TRADITIONAL for c in han)
    return "zh-TW" if traditional > sum(c in ONLY_SIMPLIFIED for c in han) else "zh-CN"


FOLD = str.maketrans(
    "們個這來時說對會過發經問題與為無從後開關給讓該應請謝產業質檢驗貨廠機電線統單處報價數標準規結構圖紙號達嚴種類適當將見現於並還點隻兩層務動貴"
    "裝損壞濕遲誤錯鏽銹斷變壓傷劃紋縮膠銲鍍塗測試樣輸運櫃費賠償換補維護環燒異響聲滲鬆緊徑殘雜髒氣裡復輕緩條籤棧爛協議約違態訴圍暫觸煙軟體鋼鐵銅鋁缺額訂購",
    "们个这来时说对会过发经问题与为无从后开关给让该应请谢产业质检验货厂机电线统单处报价数标准规结构图纸号达严种类适当将见现于并还点只两层务动贵"
    "装损坏湿迟误错锈锈断变压伤划纹缩胶焊镀涂测试样输运柜费赔偿换补维护环烧异响声渗松紧径残杂脏气里复轻缓条签栈烂协议约违态诉围暂触烟软体钢铁铜铝缺额订购",
)


def simplified(text: str) -> str:
    """Return the text in simplified characters, as far as the words of complaints need it."""
    return text.translate(FOLD)
