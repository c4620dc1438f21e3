using VSan.Contracts.Enrolment;

namespace VSan.Station.Execution;

/// <summary>What a startup packet may contain. It comes from anyone, so every field has a bound.</summary>
internal static class PacketRules
{
    private const int TextMax = 128;
    private const int ListMax = 64;
    private const int RequestMax = 8192;

    /// <summary>Throws <c>invalid-field</c> for the first field that is not acceptable.</summary>
    public static void Check(StartupPacket packet)
    {
        if (packet.MemberId == Guid.Empty) throw ProblemException.Field("/memberId", "must not be empty.");
        Names.System(packet.SystemName, "/systemName");
        Text(packet.SerialNumber, "/serialNumber");
        Text(packet.ImageVersion, "/imageVersion");
        List(packet.Addresses, "/addresses");
        foreach (string address in packet.Addresses) Text(address, "/addresses");
        List(packet.NetworkCards, "/networkCards");
        foreach (NetworkCard card in packet.NetworkCards)
        {
            Text(card?.Name, "/networkCards");
            Text(card?.MacAddress, "/networkCards");
        }

        if (packet.CertificateRequest is not { Length: > 0 and <= RequestMax }) throw ProblemException.Field("/certificateRequest", $"must have 1 to {RequestMax} characters.");
        if (packet is { Kind: MemberKind.Unit, InitiatorName: not null }) throw ProblemException.Field("/initiatorName", "is for hosts.");
        if (packet.Proof is null) return;
        Text(packet.Proof.TokenId, "/proof/tokenId");
        Text(packet.Proof.Mac, "/proof/mac");
    }

    private static void Text(string? text, string pointer)
    {
        if (text is null || text.Length > TextMax || text.Any(char.IsControl)) throw ProblemException.Field(pointer, $"must be text of at most {TextMax} characters.");
    }

    private static void List<T>(IReadOnlyList<T>? list, string pointer)
    {
        if (list is null || list.Count > ListMax) throw ProblemException.Field(pointer, $"must be a list of at most {ListMax}.");
    }
}
