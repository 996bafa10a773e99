"""Says in the metadata that a PDF/A file is PDF/UA-1 as well, which WeasyPrint does for one of the two only."""

from typing import Any

# PDF/A wants every property outside its own schemas described in an extension schema.
_PDFUA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_END = b"</rdf:RDF>"


def with_pdfua(metadata: Any) -> None:
    """Let a WeasyPrint document's metadata carry `pdfuaid:part` 1 and the schema that explains it."""
    generate = metadata.generate_rdf_metadata

    def generate_with_pdfua(*args: Any, **kwargs: Any) -> bytes:
        head, end, tail = generate(*args, **kwargs).rpartition(_END)
        if not end:
            raise ValueError("The metadata has no rdf:RDF element to add to.")
        return bytes(head + _PDFUA + end + tail)

    metadata.generate_rdf_metadata = generate_with_pdfua
