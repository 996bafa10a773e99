"""Pictures and files of modules."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import Image, Module, ModuleFile
from courses.services import authoring
from lms.core.parsers import MultiPartParser

from .authoring import Writing
from .authoring_serializers import FileSerializer, ImageSerializer
from .filters import FileFilter, ImageFilter


class ImageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Writing):
    """A picture of a module that one may see; the list holds those of one's own modules, also what no version shows."""

    queryset = Image.objects.none()
    serializer_class = ImageSerializer
    filterset_class = ImageFilter
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> Any:
        if self.action == "list":
            return Image.objects.filter(module__in=Module.objects.with_drafts_for(self.user()))
        return Image.objects.visible_to(self.user())

    @extend_schema(request={"multipart/form-data": ImageSerializer}, responses={201: ImageSerializer})
    def create(self, request: Request) -> Response:
        """Upload a PNG, JPEG or WebP picture of at most 5 MB; `alt` is a text per language, Dutch at least."""
        image = authoring.add_image(by=self.user(), **self.asked(ImageSerializer))
        return Response(self.get_serializer(image).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete a picture that no version shows."""
        authoring.delete_image(by=self.user(), image=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)


class FileViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Writing):
    """Files of the modules that one writes or reviews. Learners get a file at their enrollment."""

    queryset = ModuleFile.objects.none()
    permission_classes = [IsAuthenticated]
    serializer_class = FileSerializer
    filterset_class = FileFilter
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> Any:
        return ModuleFile.objects.filter(module__in=Module.objects.with_drafts_for(self.user()))

    @extend_schema(request={"multipart/form-data": FileSerializer}, responses={201: FileSerializer})
    def create(self, request: Request) -> Response:
        """Upload a document or picture (25 MB), MP4 or WebM video (500 MB), or WebVTT subtitles (1 MB)."""
        asked = self.asked(FileSerializer)
        upload = asked["file"]
        stored = authoring.add_file(by=self.user(), module=asked["module"], file=upload, name=upload.name)
        return Response(self.get_serializer(stored).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Delete a file that no version uses."""
        authoring.delete_file(by=self.user(), file=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
