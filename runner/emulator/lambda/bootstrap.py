# The bootstrap of Python functions: takes invocations from the Lambda Runtime
# API, calls the handler, answers. It is awslab's own; its behaviour, down to the
# texts, follows aws-lambda-python-runtime-interface-client 4.0.1 (Apache-2.0).
#
# It must start fast: it speaks HTTP on a bare socket and JSON by the
# interpreter's C scanner, and imports json, traceback or logging only when
# something has gone wrong or the function has imported them.
import sys
import os
import time
import _json
import _socket

HOST, PORT = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
API = "/2018-06-01/runtime/"


class RuntimeAPI:
    def __init__(self):
        self.buffer = b""
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0)
        self.socket.connect((HOST, int(PORT)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)

    def call(self, method, path, body=b"", headers=""):
        head = f"{method} {API}{path} HTTP/1.1\r\nHost: {HOST}:{PORT}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        data = memoryview(head.encode("latin-1") + body)
        while data:
            data = data[self.socket.send(data):]
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            self.receive()
        lines = self.buffer[:end].decode("latin-1").split("\r\n")
        self.buffer = self.buffer[end + 4:]
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        while len(self.buffer) < length:
            self.receive()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return headers, body

    def receive(self):
        data = self.socket.recv(1 << 16)
        if not data:
            os._exit(0)  # the service has gone, and this instance with it
        self.buffer += data


class Scanner:
    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = {"-Infinity": float("-inf"), "Infinity": float("inf"), "NaN": float("nan")}.__getitem__
    memo = {}


scan = _json.make_scanner(Scanner())


def parse(text):
    value, _ = scan(text, len(text) - len(text.lstrip(" \t\n\r")))
    return value


def not_serializable(o):
    raise TypeError(f"Object of type {o.__class__.__name__} is not JSON serializable")


def serialize(value):
    encode = _json.make_encoder({}, not_serializable, _json.encode_basestring, None, ": ", ", ", False, False, True)
    return "".join(encode(value, 0))


class Identity:
    def __init__(self, given):
        given = given or {}
        self.cognito_identity_id = given.get("cognitoIdentityId")
        self.cognito_identity_pool_id = given.get("cognitoIdentityPoolId")

    def __repr__(self):
        return f"CognitoIdentity([cognito_identity_id={self.cognito_identity_id},cognito_identity_pool_id={self.cognito_identity_pool_id}])"


class Client:
    def __init__(self, given):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name"):
            setattr(self, name, given.get(name))


class ClientContext:
    def __init__(self, given):
        self.custom = given.get("custom")
        self.env = given.get("env")
        self.client = Client(given["client"]) if given.get("client") else None


class LambdaContext:
    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        client = headers.get("lambda-runtime-client-context")
        self.client_context = ClientContext(parse(client)) if client else None
        identity = headers.get("lambda-runtime-cognito-identity")
        self.identity = Identity(parse(identity) if identity else None)
        self._deadline = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)

    def log(self, message):
        for handler in logging_handlers():
            handler.log(message)
            return
        sys.stdout.write(str(message))

    def __repr__(self):
        names = ("aws_request_id", "log_group_name", "log_stream_name", "function_name", "memory_limit_in_mb",
                 "function_version", "invoked_function_arn", "client_context", "identity", "tenant_id")
        return "LambdaContext([" + ",".join(f"{name}={getattr(self, name)}" for name in names) + "])"


def logging_handlers():
    return ()


class Fault(Exception):
    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.trace = trace if trace is not None else []


# A frame is one log event, however many lines it has: NUL, text, NUL, newline.
def log_frame(text):
    sys.stdout.flush()
    data = b"\0" + text.replace("\0", "").encode("utf-8", "replace") + b"\0\n"
    while data:
        data = data[os.write(1, data):]


def shown(path):
    return path.replace(TASK_ROOT, "/var/task")


def error_result(error, request_id):
    if isinstance(error, Fault):
        return {"errorMessage": shown(error.message), "errorType": error.kind, "requestId": request_id, "stackTrace": [shown(line) for line in error.trace]}
    import traceback
    frames = traceback.extract_tb(error.__traceback__)
    while frames and frames[0].filename == __file__:
        frames.pop(0)
    while frames and frames[0].filename.startswith("<frozen importlib"):
        frames.pop(0)
    return {"errorMessage": shown(str(error)), "errorType": type(error).__name__, "requestId": request_id,
            "stackTrace": [shown(line) for line in traceback.format_list(frames)]}


def log_error(result):
    first = "[ERROR]"
    if result["errorType"]:
        first += " " + result["errorType"]
    if result["errorMessage"]:
        first += ": " + result["errorMessage"]
    lines = [first, "Traceback (most recent call last):"]
    for element in result["stackTrace"]:
        for line in element.splitlines():
            bare = line.lstrip(" ")
            lines.append("\u00a0" * (len(line) - len(bare)) + bare)
    log_frame("\n".join(lines) + "\n")


def load(handler):
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as e:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{handler}': {e}") from None
    try:
        module = __import__(module_name.replace("/", "."))
        for part in module_name.replace("/", ".").split(".")[1:]:
            module = getattr(module, part)
    except ImportError as e:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {e}") from None
    except SyntaxError as e:
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {e}",
                    [f'  File "{e.filename}" Line {e.lineno}\n    {e.text}']) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'") from None


class RequestID:
    value = ""


# logging of the function goes to its log as on AWS: [LEVEL]\ttime\trequest id\ttext.
def set_up_logging():
    logging = sys.modules.get("logging")
    if logging is None or getattr(logging, "_awslab", False):
        return
    logging._awslab = True

    class LambdaHandler(logging.Handler):
        def emit(self, record):
            log_frame(self.format(record))

        def log(self, message):
            log_frame(str(message))

    class WithRequestID(logging.Filter):
        def filter(self, record):
            record.aws_request_id = RequestID.value
            return True

    handler = LambdaHandler()
    formatter = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(WithRequestID())
    logging.root.addHandler(handler)


class LoggingFinder:
    # Puts the handler on the root logger at the moment logging is imported, so
    # that the module level of a function can log already.
    def find_spec(self, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        import importlib.util
        spec = importlib.util.find_spec("logging")
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            set_up_logging()

        spec.loader.exec_module = exec_module
        return spec


def answer_error(api, path, error, request_id):
    result = error_result(error, request_id)
    log_error(result)
    api.call("POST", path, serialize(result).encode(), f"Lambda-Runtime-Function-Error-Type: {result['errorType']}\r\nContent-Type: application/json\r\n")


def invoke(api, handler):
    headers, body = api.call("GET", "invocation/next")
    request_id = RequestID.value = headers["lambda-runtime-aws-request-id"]
    os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
    path = f"invocation/{request_id}/"
    try:
        event = parse(body.decode())
        result = handler(event, LambdaContext(headers))
        try:
            data = serialize(result).encode("utf-8", "surrogatepass")
        except Exception as e:
            raise Fault("Runtime.MarshalError", f"Unable to marshal response: {e}") from None
    except Exception as e:
        sys.stdout.flush()
        answer_error(api, path + "error", e, request_id)
        return
    sys.stdout.flush()
    sys.stderr.flush()
    api.call("POST", path + "response", data, "Content-Type: application/json\r\n")


def main():
    api = RuntimeAPI()
    sys.path.insert(0, TASK_ROOT)
    sys.meta_path.insert(0, LoggingFinder())
    os.chdir(TASK_ROOT)
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as e:
        sys.stdout.flush()
        answer_error(api, "init/error", e, "")
        sys.exit(1)
    sys.stdout.flush()
    while True:
        invoke(api, handler)


main()
