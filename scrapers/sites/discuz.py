"""Forums on Discuz: the first page of a thread carries the notice, whichever of its two kinds of address is used."""

from scrapers.base import Site

SITES = (
    Site(
        name="esnai-forum",
        hosts=("bbs.esnai.com",),
        start=("https://bbs.esnai.com/forum-7-1.html",),
        notice=r"^thread-\d+-1-\d+\.html$|^(?:forum|viewthread)\.php\?(?:mod=viewthread&)?tid=\d+$",
        lists=r"^forum-\d+-\d+\.html$|^(?:forum|forumdisplay)\.php\?fid=\d+(?:&mod=forumdisplay)?(?:&page=\d+)?$",
    ),
)
