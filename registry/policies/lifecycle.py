"""The life of a version of a policy: a draft until it is published, and then for ever what it was."""

from registry.core.lifecycle import Lifecycle
from registry.policies.models import VersionState

VERSION = Lifecycle("policy version", {(VersionState.DRAFT, "be_published"): VersionState.PUBLISHED})
