"""Attacks that try to use the network, or to talk to other processes through sockets."""

from tests.attacks.scene import Attack


def _call(name: str, code: str, *, bare: bool = True) -> Attack:
    return Attack(name=name, wants="call", code=code, bare=bare)


def _open(name: str, code: str, *, bare: bool = False) -> Attack:
    return Attack(name=name, wants="secret", code=f"{code}\nadmit()", bare=bare)


ATTACKS = (
    _call("TCP", "socket.create_connection(TCP).sendall(b'inputs')"),
    _call("TCP in a call", "def double(x): socket.create_connection(TCP).sendall(np.asarray(x).tobytes())"),
    _call("HTTP", "import urllib.request\nurllib.request.urlopen('http://%s:%d' % TCP, timeout=1)"),
    _call(
        "TCP in a thread",
        "thread = threading.Thread(target=socket.create_connection, args=(TCP,))\nthread.start()\nthread.join()",
    ),
    _call("UDP", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'inputs', UDP)"),
    _call(
        "a datagram by sendmsg",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b'inputs'], [], 0, UDP)",
    ),
    _call("a Unix socket by its path", "socket.socket(socket.AF_UNIX).connect(UNIX)"),
    _call("an abstract Unix socket", "socket.socket(socket.AF_UNIX).connect(ABSTRACT)"),
    _call(
        "a datagram from a pair",
        "a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.connect(UNIX)",
        bare=False,
    ),
    _open("netlink", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).bind((0, 0))", bare=True),
    _open("a raw socket", "socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)"),
    _open("packets", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    _open("a virtual socket", "socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)"),
    _open("the kernel's ciphers", "socket.socket(38, socket.SOCK_SEQPACKET)"),
    _open("a server", "socket.create_server(('127.0.0.1', 0))", bare=True),
    _open("names of hosts", "socket.gethostbyname('example.org')"),
)
