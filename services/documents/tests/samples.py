"""One plausible content for each form that has a template; every name is invented."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from documents.domain.document import Document
from documents.domain.forms import Form, forms
from documents.domain.signature import Capacity, Method, Signature

SPACE = UUID("5a3c1a52-1111-4f5e-9a52-6f0d0d1e2c3b")
AT = datetime(2022, 8, 16, 7, 20, tzinfo=UTC)
OFFICERS = [{"name": "周明远", "certificate": "19004400187"}, {"name": "吴立诚", "certificate": "19004400231"}]
FIRM = "东莞市恒筑机械制造有限公司"
LAW = "《中华人民共和国安全生产法》"
EVIDENCE = [
    "现场检查记录（莞）应急检记〔2022〕412号",
    "现场照片 6 张",
    "特种作业操作证查询结果 3 份",
    "询问笔录 5 份",
    "劳动合同及考勤记录复印件",
    "营业执照复印件",
]
FACTS = (
    "2022年8月16日，执法人员对你单位位于大岭山镇的生产车间进行现场检查，发现焊接作业人员邓某、许某未取得特种作业操作证，"
    "李某的特种作业操作证已过有效期，三人正在从事熔化焊接与热切割作业。"
)
PROBLEMS = [
    {"no": 1, "text": f"焊接作业人员邓某、许某未取得特种作业操作证上岗作业，违反{LAW}第三十条第一款的规定。", "due_on": "2022-09-15"},
    {"no": 2, "text": f"焊接作业人员李某的特种作业操作证已过有效期仍上岗作业，违反{LAW}第三十条第一款的规定。", "due_on": "2022-09-15"},
]
VALUES: dict[str, Any] = {
    "receiver": "东莞市公安局",
    "summary": "2022年6月至8月间，该单位未取得危险化学品经营许可证，从事危险化学品经营活动，销售金额61.2万元。",
    "offences_text": "《中华人民共和国刑法》第二百二十五条",
    "handler_name": "周明远",
    "transfer_materials": [
        {"name": "案件移送书", "copies": "1", "pages": "2"},
        {"name": "涉嫌犯罪案件调查报告", "copies": "1", "pages": "6"},
        "现场照片 12 张",
    ],
    "transfer_objects": [
        {"name": "甲苯", "quantity": "160 千克", "features": "铁桶装，标签完整", "place": "二号仓库", "seizure": "莞应急查扣决〔2022〕3号"},
        "丙酮 80 千克",
    ],
    "elements": [
        {"offence": "225", "text": "未经许可经营限制买卖的物品", "met": "符合", "evidence": "许可证查询结果"},
        {"offence": "225", "text": "非法经营数额五万元以上", "met": "符合", "evidence": "销售台账、转账记录"},
    ],
    "report_text": "当事人的行为涉嫌构成非法经营罪，建议移送公安机关依法处理。",
    "police_name": "东莞市公安局",
    "procuratorate_name": "东莞市人民检察院",
    "superior_name": "广东省应急管理厅",
    "original_media": "执法记录仪原始存储卡封存于本机关证据室。",
    "appraisal_text": "委托检验报告一份，附检验机构资质。",
    "discovery_text": "2022年8月16日执法检查中发现。",
    "suspects_text": "东莞市恒筑机械制造有限公司，法定代表人陈伯安。",
    "transfer_number": "（莞）应急移〔2022〕1号",
    "notice_number": "莞公不立〔2022〕7号不予立案通知书",
    "notice_reason": "没有犯罪事实",
    "received_by_name": "王某",
    "legal_opinion_text": "事实清楚，证据充分，符合移送条件。",
    "request_text": "请依法复议。",
    "authority_name": "东莞市应急管理局",
    "authority_address": "东莞市南城街道体育路 8 号",
    "authority_phone": "0769-00000000",
    "authority_postcode": "523000",
    "contact": "陈伯安",
    "officers": OFFICERS,
    "reconsideration_body": "东莞市人民政府或者广东省应急管理厅",
    "court": "东莞市第一人民法院",
    "reconsideration_days": 60,
    "litigation_months": 6,
    "unit": FIRM,
    "address": "东莞市大岭山镇连马路 108 号",
    "legal_representative": "陈伯安",
    "phone": "138****5678",
    "industry": "C3412 金属结构制造",
    "inspection_title": "机械制造企业特种作业专项检查",
    "source": "年度监督检查计划",
    "time_from": "2022-08-16T09:30:00+08:00",
    "time_to": "2022-08-16T11:45:00+08:00",
    "content": "检查特种作业人员持证上岗、安全培训教育和动火作业管理情况。",
    "method": "查阅资料、现场查看、询问有关人员。",
    "remarks": "无",
    "check_items": [{"matter": "特种作业人员持证上岗情况", "check": "核对操作证并查询登记系统"}, {"matter": "动火作业审批情况"}],
    "place": "一号生产车间",
    "post": "总经理",
    "answers": [
        {
            "matter": "特种作业人员是否持证上岗",
            "answer": "不符合",
            "note": "三人不能出示有效证件。",
            "q": "您的姓名和工作岗位？",
            "a": "我叫邓某，是焊工。",
        },
        {"matter": "动火作业是否审批", "answer": "符合", "note": "", "q": "您是否取得特种作业操作证？", "a": "没有，正在报名培训。"},
    ],
    "findings": [
        {"no": 1, "text": "焊工邓某、许某未取得特种作业操作证。", "place": "一号车间", "handling_text": "责令立即停止作业、限期整改"},
        {"no": 2, "text": "焊工李某的特种作业操作证已过有效期。", "place": "一号车间", "handling_text": "责令立即停止作业、限期整改"},
    ],
    "record_number": "（莞）应急检记〔2022〕412号",
    "checked_on": "2022-08-16",
    "problems": PROBLEMS,
    "basis_text": f"{LAW}第六十五条第一款第二项",
    "decisions": [
        {"no": 1, "text": "责令邓某、许某、李某立即停止焊接作业，撤离焊接岗位。"},
        {"no": 2, "text": "取得操作资格前不得安排其从事特种作业。"},
    ],
    "act_text": "查封",
    "problem": "2022年6月14日检查时，你单位二号仓库储存甲苯等16种危险化学品，超出危险化学品经营许可证载明的许可范围",
    "inventory": [
        {"no": 1, "name": "甲苯（CAS 108-88-3）", "model": "工业级", "unit": "桶", "quantity": "16", "remarks": "200升铁桶；二号仓库"},
        {"no": 2, "name": "丙酮（CAS 67-64-1）", "model": "", "unit": "千克", "quantity": "120.5", "remarks": "存放于二号仓库"},
    ],
    "inventory_number": "（粤珠香）应急查扣单〔2022〕3号",
    "period_from": "2022年6月14日",
    "period_to": "2022年7月14日",
    "extended_to": "2022年8月13日",
    "urgency": "当事人正在转移涉案危险化学品。",
    "object_handling_text": "依法予以没收",
    "supplier": "广东电网有限责任公司珠海香洲供电局",
    "danger": "喷涂车间可燃气体浓度持续超标，仍在组织生产，随时可能发生爆炸。",
    "cut_safety": "分回路停电，保留消防和通风电源。",
    "stop_number": "（粤珠香）应急现决〔2022〕12号",
    "stop_date": "2022年6月10日",
    "cut_from": "2022年6月16日14时00分",
    "resume_from": "2022年6月20日9时00分",
    "weather": "晴",
    "examination_text": "仓库东侧堆放铁桶16只，桶身标识为甲苯；西侧货架存放丙酮12桶。未见通风和可燃气体报警装置。",
    "invitees": "村委会工作人员林某",
    "measure_number": "（粤珠香）应急查扣〔2022〕3号",
    "measure_date": "2022年6月14日",
    "item_numbers": "1、2",
    "deadlines_text": "于2022年9月15日前整改完毕",
    "earlier_form": "责令限期整改指令书",
    "earlier_number": "（莞）应急责改〔2022〕135号",
    "earlier_date": "2022-08-16",
    "items": [{"no": 1, "text": "三名焊接作业人员已更换为持证人员", "due_on": "2022-09-15", "result": "已整改"}],
    "opinion": "经复查，上述问题均已整改完毕，符合要求。",
    "cause": "安排未取得特种作业操作资格的人员上岗作业",
    "act_on": "2022-08-16",
    "case_name": f"{FIRM}特种作业人员未持证上岗案",
    "case_number": "莞应急案〔2022〕88号",
    "party_kind": "UNIT",
    "party_name": FIRM,
    "party_uscc": "91441900MA4W12346U",
    "party_address": "东莞市大岭山镇连马路 108 号",
    "party_postcode": "523820",
    "party_phone": "138****5678",
    "party_sex": "男",
    "party_age": 46,
    "party_id_number": "441900********1234",
    "party_unit": FIRM,
    "party_post": "总经理",
    "facts": FACTS,
    "evidence_list": EVIDENCE,
    "violated": f"{LAW}第三十条第一款",
    "basis": f"{LAW}第九十七条第七项",
    "penalty_text": "处人民币 49,000 元（肆万玖仟元整）的罚款。",
    "fine_yuan": "49,000",
    "fine_words": "肆万玖仟元整",
    "discretion_text": "涉及无证作业人员三人，属一般情节，未造成事故后果，且积极整改。",
    "discretion_steps": ["法定幅度：0 元以上 100,000 元以下；", "情节区间：30,000 元至 70,000 元；", "拟处金额位于区间 47.5% 处。"],
    "discretion_unofficial": True,
    "defence_text": "当事人收到告知书后未在规定期限内提出陈述、申辩意见。",
    "to_name": "邓某",
    "reason": "调查特种作业人员未持证上岗一案",
    "appear_at": "2022-08-23T09:00:00+08:00",
    "materials": ["身份证", "营业执照", "劳动合同"],
    "count": 1,
    "person_name": "邓某",
    "person_sex": "男",
    "person_age": 31,
    "person_id_number": "441900********0012",
    "person_unit": FIRM,
    "person_post": "焊工",
    "person_address": "东莞市大岭山镇",
    "person_phone": "139****0000",
    "recorder": "吴立诚",
    "others_present": "无",
    "matter": "特种作业人员持证上岗情况",
    "speaker_name": "陈伯安",
    "speaker_sex": "男",
    "speaker_post": "法定代表人",
    "speaker_unit": FIRM,
    "speaker_phone": "138****5678",
    "record": "我单位对违法事实没有异议。事发后已立即更换持证人员并组织培训，请求从轻处理。",
    "pay_days": 15,
    "pay_due_on": "2022-10-08",
    "bank": "东莞银行中心支行",
    "account": "62280000000000001",
    "account_name": "东莞市财政局",
    "surcharge_text": "到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款，加处罚款的数额不超过罚款数额。",
    "decision_number": "（莞）应急罚〔2022〕96号",
    "new_due_on": "2022-11-16",
    "case_filed_on": "2022-08-18",
    "case_decided_on": "2022-09-20",
    "case_closed_on": "2022-10-10",
    "result_text": "处人民币 49,000 元罚款。",
    "execution_text": "当事人已于2022年10月8日缴清罚款，并完成整改。",
    "archive_no": "2022-X-0088",
    "retention_years": 30,
    "catalogue": [
        {"title": "立案审批表", "number": "（莞）应急立〔2022〕88号", "date": "2022-08-18", "pages": 1},
        {"title": "行政处罚告知书", "number": "（莞）应急告〔2022〕90号", "date": "2022-09-09", "pages": 2},
        {"title": "行政处罚决定书", "number": "（莞）应急罚〔2022〕96号", "date": "2022-09-20", "pages": 2},
    ],
    "course": "2022年8月16日检查发现线索，8月18日立案，8月23日询问有关人员五人次。",
    "screen_text": "未发生事故，不符合《中华人民共和国刑法》第一百三十四条规定的立案追诉标准，筛查结果：无。",
    "order_number": "（莞）应急责改〔2022〕135号",
    "application_text": "因持证焊工招聘困难，申请将整改期限延长至2022年9月30日",
    "due_on": "2022-09-15",
    "department": "东莞市住房和城乡建设局",
    "problems_text": "厂区在建宿舍楼脚手架搭设不符合要求。",
    "surcharge_yuan": "1,470",
    "surcharge_words": "壹仟肆佰柒拾元整",
    "matter_name": f"{FIRM}特种作业人员未持证上岗案",
    "recipient": FIRM,
    "rows": [
        {
            "title": "责令限期整改指令书",
            "number": "（莞）应急责改〔2022〕135号",
            "receiver": "陈伯安",
            "place": "一号生产车间",
            "date": "2022-08-16",
            "mode": "直接送达",
            "in_person": True,
        }
    ],
    "hearing_at": "2022-07-22T09:00:00+08:00",
    "presider": "孔祥文",
    "members": "李文静",
    "hearing_clerk": "黄小燕",
    "hearing_open_text": "听证公开进行",
    "agents": "张律师",
    "third_party": "无",
    "accusation": "调查人员提出当事人超出许可范围经营危险化学品的事实、证据和处罚建议。",
    "hearing_defence": "当事人承认经营事实，请求从轻处罚。",
    "cross_examination": "双方就十六种产品的清单和评估价值进行了质证和辩论。",
    "absence_text": "当事人无正当理由未出席听证。",
    "hearing_summary": "听证会按期公开举行，调查人员和当事人均到场，双方进行了陈述、申辩、质证和辩论。",
    "presider_opinion": "事实清楚，证据充分，建议维持拟作出的行政处罚。",
    "meeting_presider": "黄建明",
    "reporter": "梁海生",
    "attendants": [{"name": "黄建明", "post": "局长"}, {"name": "叶国栋", "post": "副局长"}, {"name": "蒋立平", "post": "副局长"}],
    "conclusion": "一致同意没收非法财物和违法所得，并处罚款。",
    "grounds_text": "罚款数额和没收财物价值较大，依法应当集体讨论。",
    "reconsideration_first": "如不服本决定，应当先依法向东莞市人民政府申请行政复议；对复议决定仍不服的，可以依法提起行政诉讼。",
    "statement_text": "当事人表示没有异议。",
    "act_place": "东莞市大岭山镇连马路 108 号",
    "payment_way": "自收到本决定书之日起十五日内缴至指定银行",
    "rights_text": "你（单位）享有陈述、申辩的权利。",
    "education_text": "就安全生产法律法规对当事人进行了教育，当事人承诺今后守法经营。",
    "no_penalty_text": "违法行为轻微并及时改正，没有造成危害后果，依照《中华人民共和国行政处罚法》第三十三条第一款的规定，不予行政处罚。",
    "refusal_text": "2022年10月20日至10月22日，你单位经责令改正仍拒不改正。",
    "days_count": 3,
    "original_fine_text": "罚款人民币 49,000 元",
    "proof_text": "企业注销登记证明",
    "suspended_on": "2022-09-01",
    "hardship": "受订单减少影响，近三个月连续亏损，账户余额不足以一次缴清罚款。",
    "deferral_plan": "2022-11-30前缴纳人民币20,000元；2022-12-30前缴纳人民币29,000元。",
    "applied_on": "2022-10-09",
    "owed_yuan": "49,000.00",
    "duty_text": "缴纳罚款人民币49,000元，缴纳加处罚款人民币14,700元。",
    "demand_text": "申请人于2023-03-24送达行政强制执行事先催告书（莞）应急执行催告〔2023〕3号，被申请人在十个工作日内未履行。",
    "party_opinion": "被申请人未提出陈述、申辩意见。",
    "late_reason": "被申请人下落不明，经公告送达后方能催告。",
    "redecide_text": "本机关将依法重新调查处理。",
    "refund_text": "已缴纳的罚款人民币49,000元自收到本决定书之日起退还。",
}
SIGNERS = {
    Capacity.OFFICER: [("zhou", "周明远", "19004400187"), ("wu", "吴立诚", "19004400231")],
    Capacity.REVIEWER: [("zheng", "郑启华", ""), ("he", "何文彬", "")],
    Capacity.LEGAL_REVIEWER: [("luo", "罗静仪", "")],
    Capacity.APPROVER: [("he", "何文彬", "")],
    Capacity.PARTY: [("", "陈伯安", "")],
    Capacity.PRESIDER: [("kong", "孔祥文", "")],
    Capacity.RECORDER: [("xiao", "黄小燕", "")],
    Capacity.ATTENDANT: [("huang", "黄建明", "")],
    Capacity.ENTERPRISE: [("", "陈伯安", "")],
}


def content_of(form: Form) -> dict[str, Any]:
    return {name: VALUES[name] for name in form.fields if name in VALUES}


def a_signature(document: Document, capacity: Capacity, signer: tuple[str, str, str], **given: Any) -> Signature:
    outside = not signer[0]
    values: dict[str, Any] = {
        "id": uuid5(SPACE, f"{document.id} {capacity} {signer[1]}"),
        "document_id": document.id,
        "org_path": document.org_path,
        "capacity": capacity,
        "method": Method.GLASS if outside else Method.CERTIFICATE,
        "signer_id": signer[0],
        "signer_name": signer[1],
        "body_digest": document.body_digest,
        "stroke_evidence_id": str(uuid5(SPACE, "stroke")) if outside else "",
        "certificate_number": signer[2],
        "certificate_valid_to_on": date(2030, 1, 1) if signer[2] else None,
        "device_id": "",
        "place": "",
        "opinion": "",
        "entered_by": "zhou" if outside else "",
        "signed_at": AT,
        "recorded_at": AT,
    }
    return Signature(**{**values, **given})


def a_document(form_id: str, **given: Any) -> Document:
    """A draft with the whole sample content."""
    form = forms()[form_id]
    values: dict[str, Any] = {
        "id": uuid5(SPACE, form_id),
        "form": form_id,
        "title": form.zh,
        "object_kind": "case",
        "object_id": uuid5(SPACE, "case"),
        "matter_id": uuid5(SPACE, "case"),
        "org_id": "dalingshan",
        "org_path": "/44/4419/dalingshan/",
        "issuer_id": "4419",
        "issuer_name": "东莞市应急管理局",
        "issuer_abbreviation": "莞",
        "template_version": form.templates[-1].version if form.templates else "",
        "content": content_of(form),
        "drafted_by": "zhou",
        "drafted_at": AT,
    }
    return Document(**{**values, **given})


def signed(document: Document) -> Document:
    """Body frozen, and everybody whom the form names has signed."""
    document._freeze()
    used: dict[Capacity, int] = {}
    for capacity in document.spec.sign:
        signer = SIGNERS[capacity][used.get(capacity, 0)]
        used[capacity] = used.get(capacity, 0) + 1
        document.signatures.append(a_signature(document, capacity, signer))
    return document


WITH_TEMPLATE = sorted(form.id for form in forms().values() if form.templates)
