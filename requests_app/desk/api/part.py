"""What every address at or below one request has in common."""

from requests_app.desk.models import ServiceRequest
from requests_app.desk.selectors.requests import get_service_request
from requests_app.kernel import api


class RequestPart(api.Address):
    """`self.found` is the request that the path names, with the rows it points at."""

    found: ServiceRequest

    def find(self, number: str, **more) -> ServiceRequest:
        return get_service_request(person=self.request.user, number=number)
