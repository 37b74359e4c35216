"""The constructs of AWS Entity Resolution. Import them from `cdk_cleanrooms`."""

from typing import TYPE_CHECKING

# The names could be imported from here before `cdk_cleanrooms` had them.
if TYPE_CHECKING:
    from .id_mapping_workflow import *
    from .id_mapping_workflow_grants import *
    from .id_namespace import *
    from .id_namespace_grants import *
    from .matching_models import *
    from .matching_workflow import *
    from .matching_workflow_grants import *
    from .schema_mapping import *
    from .schema_mapping_grants import *
    from .tables import *
else:
    from importlib import import_module

    _parent = import_module("cdk_cleanrooms")
    __all__ = [
        name for name, module in _parent._MODULES.items() if module.startswith("entity_resolution.")
    ]

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(_parent, name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
