"""What may be wrong with signing an order elsewhere."""

from servicekit.errors import DomainError, Kind


class NotToBeSignedError(DomainError):
    """The order is a draft or withdrawn, or came signed (of an admission, a list, the end of a year) and says nothing itself."""

    code = "orders.not-to-be-signed"
    kind = Kind.CONFLICT
    title = "Электронную подпись ставят под проверенным или подписанным приказом, составленным в системе"
