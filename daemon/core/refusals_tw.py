"""The words of refusals for readers of traditional characters, by the keys of core.refusals.  A table."""

from __future__ import annotations

TRADITIONAL = {
    "closed": "客訴 {number} 已結案，不能再修改。如問題再次發生，請另發郵件登記新的客訴。",
    "not_yours": "「{step}」由{owner}處理，您的回覆已歸入案件，但沒有改變狀態。",
    "not_open": "「{step}」目前不在處理中（可能已由他人處理，或前面的步驟尚未完成），您的回覆已歸入案件。",
    "old_round": "這封郵件是第 {old} 輪的，案件已進入第 {new} 輪，「{step}」沒有改變。請用最新一封郵件裡的按鈕。",
    "reason_needed": "選擇「{choice}」時請寫明原因：在「原因：」後面填寫後再寄送一次。",
    "no_such_choice": "看不懂您的意思。「{step}」可選：{choices}。請直接點郵件裡的按鈕，或以其中一個詞開頭回覆。",
    "no_such_department": "通訊錄裡沒有「{to}」這個部門。請寫明部門全稱後再寄送一次。",
    "same_department": "客訴 {number} 已經由{to}負責，無需轉部門。",
    "too_many_transfers": "客訴 {number} 已轉過 {transfers} 次，不能再轉。請與客訴主辦部門當面商定責任部門。",
    "no_transfer_asked": "客訴 {number} 沒有待決定的轉部門申請。",
    "only_quality": "責任部門由客訴主辦部門決定，您的意見已歸入案件。",
    "only_quality_corrects": "投訴事實由客訴主辦部門更正，您的意見已歸入案件。",
    "not_cleared": "「{title}」不能清空，請改填別的內容。",
    "not_to_change": "這部分已經核准，或目前沒有步驟需要填寫，不能在台帳中修改；被駁回後可以再改。",
    "not_in_list": "「{title}」不能填「{value}」，可填：{values}。",
    "no_such_measure": "沒有找到這條措施。要增加一條，請寫明措施類型和內容。",
    "measure_needs_words": "措施內容不能空著。措施不做了，請在證據/備註裡寫明原因。",
    "no_day": "「{value}」沒有讀出日期，請寫成 2026-12-01 這樣。",
    "no_number": "「{title}」要填數字，「{value}」沒有讀出數字。",
    "gives_missing": "選擇「{choice}」之前還缺：{missing}。請補充後再選擇。",
    "nothing_read": (
        "沒有讀到可以填寫的內容。請在郵件正文裡分段寫明，例如「臨時措施：……」「發生原因：……」「流出原因：……」。"
    ),
    "not_entitled": "「{wish}」須由{roles}提出，您的來信已歸入案件，但沒有改變狀態。",
    "held": "客訴 {number} 已暫停，恢復之前不作判定。請先回覆「恢復」。",
    "already_held": "客訴 {number} 已經暫停。",
    "not_held": "客訴 {number} 沒有暫停，無需恢復。",
    "not_closed": "客訴 {number} 尚未結案，無需重新開啟。",
    "merged": "客訴 {number} 已合併到 {into}，請在 {into} 中處理。",
    "no_such_case": "沒有編號為 {number} 的客訴。請核對編號後再寄送一次。",
    "same_case": "編號 {number} 就是本案，不能合併或關聯到自己。",
    "cancelled_target": "客訴 {number} 已取消，不能合併過去。",
    "no_such_person": "通訊錄裡沒有「{person}」。請寫明全名後再寄送一次。",
    "two_people": "通訊錄裡有不止一位「{person}」，請寫明是哪一位：{ids}。",
    "not_of_department": "「{person}」不是{department}的人員。部門經理只能指定本部門的人，其他變更請客訴主辦部門提出。",
    "not_higher": "等級現為{now}，不能改為{wanted}：您可以提高等級，降低由客訴主辦部門更正。",
    "subcase_whom": "沒有看懂子案給誰（「{name}」）。請寫「子案：供應商名稱 <信箱>」，或部門、同事姓名。",
    "no_such_profile": "流程「{profile}」沒有裝入系統，子案沒有登記。請管理員執行 kesu check。",
    "joined": "客訴 {number} 已歸入 {parent}，統一處理。要單獨處理，請客訴主辦部門先回覆「取出」。",
    "not_joined": "客訴 {number} 沒有歸入其他案件，無需取出。",
    "gathers": "客訴 {number} 正在集中處理 {members}，不能再歸入別的案件。請先把它們取出。",
    "deputy_whom": (
        "通訊錄裡沒有唯一的「{name}」可以代理您。請寫「代理：同事姓名，至 12月5日」；只能由本人從自己的信箱提出。"
    ),
    "deputy_until": "請寫明「{name}」代理到哪一天，例如「代理：{name}，至 12月5日」，日期須在今天之後。",
    "same_profile": "客訴 {number} 已經按這個流程處理。",
    "nothing_in_common": "客訴 {number} 的步驟在流程「{process}」裡一個也沒有，不能轉過去。請結束本案，另行登記。",
    "nothing_left": "按新流程，客訴 {number} 沒有任何未完成的步驟，無人會收到通知，沒有轉換。",
    "split_how": (
        "請在「拆分：」下面為每個新案件寫一行不同的內容，"
        "例如「1. 產品編號：…，部門：…」；本案要改的寫在「本案：」一行。"
    ),
    "split_line": "第 {line} 行「{text}」沒有讀懂：{why}。沒有拆分任何案件，請改好後整封再發一次。",
    "nothing_missing": "選擇「{choice}」時請寫明缺哪些資料，例如「原因：缺不良批次、不良數量」。",
    "nothing_asked": "目前沒有等待您回答的內容，您的回覆已歸入案件。",
}
