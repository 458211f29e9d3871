# What tidemark's pages are measured against: the usual Flask application over PostgreSQL.
# GRAPH_DATABASE says where that is, GRAPH_EDGES which table holds who follows whom.
import os

import flask
import psycopg2

app = flask.Flask(__name__)
# Flask's own ways here, dates for HTTP and sorted names, are slow.
app.json.default = lambda value: value.isoformat()
app.json.sort_keys = False
edges = os.environ["GRAPH_EDGES"]
connection = psycopg2.connect(os.environ["GRAPH_DATABASE"])
connection.autocommit = True


def rows_of(query, values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]


def page(rows, limit):
    following = rows[-1]["id"] if len(rows) == limit else None
    return flask.jsonify(users=rows, next=following)


def asked():
    return int(flask.request.args.get("limit", 30)), int(flask.request.args.get("after", 0))


@app.get("/v1/users")
def users():
    limit, after = asked()
    return page(
        rows_of("SELECT * FROM users WHERE id > %s ORDER BY id LIMIT %s", (after, limit)), limit
    )


@app.get("/v1/users/<login>")
def user(login):
    found = rows_of("SELECT * FROM users WHERE login = %s", (login,))
    return flask.jsonify(found[0]) if found else (flask.jsonify(detail="Not found."), 404)


@app.get("/v1/users/<login>/followers")
def followers(login):
    limit, after = asked()
    query = f"""SELECT users.* FROM {edges} AS edges JOIN users ON users.id = edges.source
        WHERE edges.target = (SELECT id FROM users WHERE login = %s) AND edges.source > %s
        ORDER BY edges.source LIMIT %s"""
    return page(rows_of(query, (login, after, limit)), limit)
