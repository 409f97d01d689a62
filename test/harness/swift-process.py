"""OpenStack Swift with its S3 door, all of it in one process (swift.ts starts it): swift-process.py FOLDER USER KEY. Prints its port."""
import eventlet
eventlet.monkey_patch()
import logging
import os
import sys
import eventlet.wsgi
from swift.common import utils

folder, user, key = sys.argv[1:4]
utils.SWIFT_CONF_FILE = f'{folder}/swift.conf'
utils.HASH_PATH_PREFIX, utils.HASH_PATH_SUFFIX = b'', b'test'
utils.validate_hash_conf = lambda: None
logging.disable(logging.CRITICAL)

from swift.account.server import AccountController
from swift.common.ring import RingBuilder
from swift.common.wsgi import loadapp
from swift.container.server import ContainerController
from swift.obj.server import ObjectController

PARTS = {'account': AccountController, 'container': ContainerController, 'object': ObjectController}
os.makedirs(f'{folder}/disks/one')
sockets = {name: eventlet.listen(('127.0.0.1', 0)) for name in [*PARTS, 'proxy']}
ports = {name: socket.getsockname()[1] for name, socket in sockets.items()}

for name in PARTS:
    ring = RingBuilder(1, 1, 0)
    place = {'ip': '127.0.0.1', 'port': ports[name], 'replication_ip': '127.0.0.1', 'replication_port': ports[name]}
    ring.add_dev({'region': 1, 'zone': 1, 'device': 'one', 'weight': 1, **place})
    ring.rebalance()
    ring.get_ring().save(f'{folder}/{name}.ring.gz')

with open(f'{folder}/swift.conf', 'w') as file:
    file.write('[swift-hash]\nswift_hash_path_suffix = test\n')
with open(f'{folder}/proxy.conf', 'w') as file:
    file.write(f'''[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors listing_formats s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
auth_pipeline_check = false
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_{user.replace(':', '_')} = {key} .admin
''')


class Cache(dict):
    """What memcached is asked for."""

    def __bool__(self):
        return True

    def get(self, name, *_, **__):
        return dict.get(self, name)

    def set(self, name, value, *_, **__):
        self[name] = value

    def delete(self, name, *_, **__):
        self.pop(name, None)


cache = Cache()
proxy = loadapp(f'{folder}/proxy.conf')
settings = {'devices': f'{folder}/disks', 'mount_check': 'false', 'swift_dir': folder}
apps = {name: part(settings) for name, part in PARTS.items()}
apps['proxy'] = lambda environment, start: proxy({**environment, 'swift.cache': cache}, start)
for name, app in apps.items():
    eventlet.spawn(eventlet.wsgi.server, sockets[name], app, log_output=False)
print(ports['proxy'], flush=True)
while True:
    eventlet.sleep(60)
