"""Two of us, each at their own screen or shell, on a real hacktivd: what the one does comes to the other's screen without a key."""
from caller import Caller
from client import Client
from screen import Screen
from tap import case, equal, run

caller = Caller()
server = caller.server
url = f"unix:{server.socket_path}"


def person(login="demo"):
    return Client(url, caller.tokens[login])


def watching(text="Les Serres 3", *, client=None, **more):
    screen = Screen(client or person(), **more)
    screen.until(text)
    return screen


def ends(screen):
    for _ in range(4):
        screen.type("\x1b")
        screen.type("q")
        if screen.ended():
            break
    equal(screen.end(10), 0)
    screen.close()


@case("a booking made in the shell comes to the screen at another desk, and goes from it, without a key")
def _():
    screen = watching()
    equal(person().run("book", "pepi", "Poste 2", "+2d", "am").status, 0)
    screen.until("Poste 2")
    equal(person().run("cancel", "Poste 2").status, 0)
    assert screen.quiet(1), "nothing was drawn"
    ends(screen)


@case("nothing is lost while hacktivd is killed and comes back")
def _():
    screen = watching()
    server.kill()
    server.start()
    equal(person().run("book", "pepi", "Poste 2", "+2d", "am").status, 0)
    screen.until("Poste 2")
    equal(person().run("cancel", "Poste 2").status, 0)
    ends(screen)


@case("D07: a card goes from the screen of whoever looks at it when its consent is taken back")
def _():
    shown = caller.get("/v1/members/me/visibility", by="zoe.lambermont").json()
    screen = watching()
    screen.type("gm")
    came = screen.type("/zoé")
    if b"Lambermont" not in came:
        screen.until("Lambermont")
    equal(caller.call("DELETE", "/v1/members/me/visibility", by="zoe.lambermont").status in (200, 204), True, shown)
    screen.until("seen is called")
    screen.type("\x1b")
    screen.said = b""
    if b"seen is called" not in screen.type("/zoé"):           # looked for once more
        screen.until("seen is called")
    assert b"Lambermont" not in screen.said, screen.said
    ends(screen)


@case("with another person's token, and no log-in between, what is personal is theirs: the feed vouches for nobody else's")
def _():
    mine = person()
    ends(watching(client=mine))
    mine.give_token(caller.tokens["zoe.lambermont"])
    screen = Screen(mine)
    screen.until("Zoë Lambermont")
    screen.quiet(1)
    screen.said = b""
    screen.type("\x0c")                                        # all of it once more
    screen.quiet(0.5)
    assert b"Serres 3" not in screen.said, screen.said
    ends(screen)


@case("a screen left open writes nothing, and its processor sleeps, while the feed is open")
def _():
    screen = watching()
    screen.quiet(1)
    before = screen.cpu()
    equal(screen.read(5), b"")
    assert screen.cpu() - before < 0.05, f"{screen.cpu() - before} s of processor"
    ends(screen)


run()
