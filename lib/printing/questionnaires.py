"""The pulse on paper: every question with its answers to cross, in large type, front and back of one sheet.

A questionnaire carries the code of its invitation, or boxes to write it into. Type is 12 points or more. The same codes
give the same bytes, without a time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from fpdf import ViewerPreferences
from fpdf.enums import Duplex

from lib.errors import Invalid
from lib.printing.pages import Pages
from lib.printing.paper import AREA, Paper
from lib.printing.sheet import INK, MUTED, Fitted, Sheet
from lib.rules.ballots import printed_token
from lib.rules.instrument import ENGLISH, ISSUE_LENGTH, Instrument, Question, QuestionKind, instrument

LEFT = 8.0
WIDTH = AREA[0] - 2 * LEFT
TOP, BOTTOM = 5.0, AREA[1] - 8.0
QR_SIZE = 30.0
BOX = 6.4
"""A box that a shaking hand can cross."""

ASKED, ANSWERED, TOLD = 15.0, 14.0, 12.5
"""Sizes of questions, answers and all else, in points."""

GROUPS, IN_GROUP = 4, 4
"""A code as it is written: four groups of four."""

PAGES_EACH = 2

MOST_APART = 7.0
"""What questions stand further apart where a page has room left."""

_PHRASES = {
    "en": {
        "title": "How safe do you feel?",
        "beat": "Beat {beat}",
        "how": "Put a cross in one box for each question. Leave out what you like. No name, please.",
        "until": "Give it back by {day}: to whoever brought it, or at the next beat meeting.",
        "back": "Give it back to whoever brought it, or bring it to the next beat meeting.",
        "phone": "Or answer on a phone: scan this, or type the code at",
        "code": "Code",
        "copy": "Copy the code of your invitation here:",
        "once": "The code makes sure that each invitation is counted once. Whoever types this in shreds it afterwards; "
        "when the survey has closed, nothing kept links an answer to a code.",
        "few": "A few words, without names (up to {most} letters and spaces):",
        "over": "Please turn over",
        "page": "Page {page} of {pages}",
    },
    "es": {
        "title": "¿Qué tan seguro se siente?",
        "beat": "Sector {beat}",
        "how": "Marque con una cruz una casilla por pregunta. Deje sin responder lo que quiera. Sin nombre, por favor.",
        "until": "Devuélvala hasta el {day}: a quien la trajo, o en la próxima reunión del sector.",
        "back": "Devuélvala a quien la trajo, o llévela a la próxima reunión del sector.",
        "phone": "O responda con un teléfono: escanee, o escriba el código en",
        "code": "Código",
        "copy": "Copie aquí el código de su invitación:",
        "once": "El código asegura que cada invitación cuente una sola vez. Quien pase esta hoja la destruye después; "
        "al cerrar la encuesta, nada de lo guardado une una respuesta con un código.",
        "few": "En pocas palabras, sin nombres (hasta {most} letras y espacios):",
        "over": "Siga al dorso, por favor",
        "page": "Página {page} de {pages}",
    },
}

LANGUAGES = tuple(_PHRASES)
"""The languages a questionnaire can be printed in."""


@dataclass(frozen=True)
class Questionnaire:
    """What is the same on every questionnaire of a wave. `beat` is its label, "" for any; `address` has no slash at its
    end; `wording` is a version of the instrument; `closes_on` None leaves the day out."""

    beat: str
    city: str
    address: str
    wording: str
    closes_on: date | None = None

    @property
    def typed_at(self) -> str:
        """Where a code is typed, as people read it out."""
        return f"{self.address.partition('://')[2] or self.address}/pulse"


def questionnaires_pdf(
    codes: Sequence[str], about: Questionnaire, *, paper: Paper, languages: Sequence[str] = (ENGLISH,)
) -> bytes:
    """One questionnaire for each code, in each of the languages one after the other; without codes a single one with
    boxes to write the code into. Front and back of a sheet each.

    Raises Invalid (no language, or one that it is not printed in).
    """
    if not languages or not set(languages) <= set(LANGUAGES):
        raise Invalid("Questionnaires are printed in English and in Spanish. Choose one of them.", field="language")
    sheet = Pages(paper, f"{about.city}: {about.beat}")
    sheet.viewer_preferences = ViewerPreferences(print_scaling="None", duplex=Duplex.DUPLEX_FLIP_LONG_EDGE)
    sheet.set_lang(languages[0])
    forms = [_Form(sheet, about, language, has_code=bool(codes)) for language in languages]
    bodies: list[list[bytes]] = [[] for _form in forms]
    for code in codes or ("",):
        for form, recorded in zip(forms, bodies, strict=True):
            for number, draw in enumerate(form.pages):
                sheet.turn_over()
                if len(recorded) == number:
                    recorded.append(sheet.recorded(draw))
                with sheet.at(0):
                    sheet.repeat(recorded[number])
                    if code:
                        form.write_code(code, number)
    return sheet.bytes_of_it()


class _Form:
    """One questionnaire in one language: what stands on each of its pages, and where its code stands."""

    def __init__(self, sheet: Sheet, about: Questionnaire, language: str, *, has_code: bool) -> None:
        self.sheet = sheet
        self.about = about
        self.language = language
        self.phrases = _PHRASES[language]
        self.has_code = has_code
        self.instrument: Instrument = instrument(about.wording)
        self.code_line = 0.0
        self.begins = self._head(draw=False)
        self.pages = self._paged()

    def _paged(self) -> tuple[Callable[[], None], ...]:
        """What draws each page without its code. Raises Invalid where the questions need more than two pages."""
        questions = list(enumerate(self.instrument.questions, 1))
        first, room = [], BOTTOM - self.begins
        while questions and room >= self._height(questions[0][1]):
            room -= self._height(questions[0][1])
            first.append(questions.pop(0))
        if TOP + sum(self._height(question) for _number, question in questions) > BOTTOM:
            raise Invalid("These questions do not fit on the front and back of one sheet in large type.")
        return (lambda: self._page(0, first), lambda: self._page(1, questions))

    def write_code(self, code: str, page: int) -> None:
        """The code on the front, to scan and to type; on the back once more, in case the sheets are copied."""
        typed = printed_token(code)
        if page == 0:
            self.sheet.qr(LEFT + WIDTH - QR_SIZE, TOP, QR_SIZE, f"{self.about.address}/pulse/{code}")
            label = f"{self.phrases['code']}: "
            self.sheet.words(LEFT, self.code_line, label, size=ASKED)
            begin = LEFT + self.sheet.width_of(label, ASKED)
            self.sheet.words(begin, self.code_line, typed, size=18, bold=True)
        else:
            self.sheet.words(LEFT, AREA[1] - 2.0, f"{self.phrases['code']}: {typed}", size=TOLD, colour=MUTED)

    def _page(self, number: int, questions: Sequence[tuple[int, Question]]) -> None:
        sheet, y = self.sheet, self._head(draw=True) if number == 0 else TOP
        left = BOTTOM - y - sum(self._height(question) for _place, question in questions)
        apart = min(MOST_APART, left / max(1, len(questions)))
        for place, question in questions:
            self._question(place, question, y)
            y += self._height(question) + apart
        page = self.phrases["page"].format(page=number + 1, pages=PAGES_EACH)
        told = page if number else f"{page} · {self.phrases['over']}"
        sheet.words(LEFT + WIDTH - sheet.width_of(told, TOLD), AREA[1] - 2.0, told, size=TOLD, colour=MUTED)

    def _head(self, *, draw: bool) -> float:
        """Title, place, how to answer, the code or boxes for it; the answer is where the questions begin."""
        sheet, said = self.sheet, self.phrases
        beside_code = WIDTH - QR_SIZE - 8 if self.has_code else WIDTH
        day = self.about.closes_on
        beat = said["beat"].format(beat=self.about.beat) if self.about.beat else ""
        place = " · ".join(part for part in (beat, self.about.city) if part)
        back = said["until"].format(day=format_date(day, "long", locale=self.language)) if day else said["back"]
        lines = [
            (sheet.fitted(said["title"], beside_code, sizes=(24, 22, 20), most=1, bold=True), True, INK),
            (
                sheet.fitted(place, beside_code, sizes=(14, 13, 12), most=2),
                False,
                INK,
            ),
            (sheet.unlimited(said["how"], beside_code, size=TOLD, bold=True), True, INK),
            (sheet.unlimited(back, beside_code, size=TOLD), False, INK),
        ]
        y = TOP
        for fitted, bold, colour in lines:
            if draw:
                sheet.lines(LEFT, y, fitted, bold=bold, colour=colour)
            y += fitted.height + 1.2
        return self._below_code(y, draw=draw)

    def _below_code(self, y: float, *, draw: bool) -> float:
        sheet, said = self.sheet, self.phrases
        if self.has_code:
            y = max(y, TOP + QR_SIZE + 3)
            self.code_line = y + 6.5
            phone = sheet.fitted(f"{said['phone']} {self.about.typed_at}", WIDTH, sizes=(TOLD, 11, 10, 9), most=2)
            if draw:
                sheet.lines(LEFT, y + 9.5, phone)
            y += 9.5 + phone.height
        else:
            if draw:
                sheet.words(LEFT, y + 5.5, said["copy"], size=TOLD, bold=True)
                self._boxes_for_code(y + 8)
            y += 8 + 9
        once = sheet.unlimited(said["once"], WIDTH, size=TOLD)
        if draw:
            sheet.lines(LEFT, y + 1.5, once, colour=MUTED)
            sheet.rule(LEFT, y + once.height + 4, WIDTH)
        return y + once.height + 7

    def _boxes_for_code(self, y: float) -> None:
        for place in range(GROUPS * IN_GROUP):
            self.sheet.frame(LEFT + place * 9.0 + place // IN_GROUP * 5.0, y, 8.0, 8.5, line=0.4)

    def _height(self, question: Question) -> float:
        """Millimetres from this question to the next."""
        asked = self._asked(question).height + 1.8
        if question.kind is QuestionKind.SCALE:
            return asked + self._ends(question).height + 1.5 + BOX + 8.5 + 6.5
        if question.kind is QuestionKind.TEXT:
            return asked + self._few().height + 3 * 11.0 + 4
        rows = -(-len(question.values) // self._columns(question))
        return asked + rows * 10.0 + 5.5

    def _question(self, number: int, question: Question, y: float) -> None:
        sheet = self.sheet
        sheet.lines(LEFT, y, Fitted(ASKED, (f"{number}.",)), bold=True)
        y = sheet.lines(LEFT + 9, y, self._asked(question), bold=True) + 1.8
        if question.kind is QuestionKind.TEXT:
            y = sheet.lines(LEFT + 9, y, self._few())
            for line in (1, 2, 3):
                sheet.rule(LEFT + 9, y + line * 11.0, WIDTH - 9)
        elif question.kind is QuestionKind.SCALE:
            y = sheet.lines(LEFT + 9, y, self._ends(question)) + 1.5
            step = (WIDTH - 9) / len(question.values)
            for place, value in enumerate(question.values):
                middle = LEFT + 9 + place * step + BOX / 2
                sheet.frame(middle - BOX / 2, y, BOX, BOX, line=0.5)
                sheet.centred(middle, y + BOX + 6.2, str(value), size=ANSWERED, width=step)
        else:
            columns = self._columns(question)
            step = (WIDTH - 9) / columns
            for place, answer in enumerate(question.in_language(self.language).answers):
                row, column = divmod(place, columns)
                x, top = LEFT + 9 + column * step, y + row * 10.0
                sheet.frame(x, top, BOX, BOX, line=0.5)
                sheet.words(x + BOX + 2.5, top + BOX - 1.3, answer, size=ANSWERED)

    def _asked(self, question: Question) -> Fitted:
        return self.sheet.unlimited(question.in_language(self.language).ask, WIDTH - 9, size=ASKED, bold=True)

    def _ends(self, question: Question) -> Fitted:
        low, high = question.in_language(self.language).answers
        return self.sheet.unlimited(f"0 = {low} · 10 = {high}", WIDTH - 9, size=TOLD)

    def _few(self) -> Fitted:
        return self.sheet.unlimited(self.phrases["few"].format(most=ISSUE_LENGTH), WIDTH - 9, size=TOLD)

    def _columns(self, question: Question) -> int:
        """All answers in one row where they have room there, else two."""
        answers = question.in_language(self.language).answers
        widest = max(self.sheet.width_of(answer, ANSWERED) for answer in answers) + BOX + 6
        return len(answers) if widest * len(answers) <= WIDTH - 9 else 2
