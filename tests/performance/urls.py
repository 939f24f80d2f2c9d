"""The product's addresses, and the yardsticks beside them."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


class Row(serializers.Serializer):
    title = serializers.CharField(max_length=200)


class MinimalCreate(APIView):
    """One INSERT behind the same token and the same parser."""

    def post(self, request: Request) -> Response:
        row = Row(data=request.data)
        row.is_valid(raise_exception=True)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row (title) VALUES (%s) RETURNING id", [row.validated_data["title"]])
            pk = cursor.fetchone()[0]
        return Response({"id": pk, **row.data}, status=status.HTTP_201_CREATED)


urlpatterns = [
    path("bench/bare/", bare),
    path("bench/create/", MinimalCreate.as_view()),
    path("", include("servicedesk.urls")),
]
