namespace VSan.Tests.Fuzz.Oracles;

/// <summary>Which conversations of a script are one session, by TSIH.</summary>
internal sealed class SessionsSeen
{
    private readonly Dictionary<ushort, List<Conversation>> _byTsih = [];

    /// <summary>Notes a login.</summary>
    /// <returns>All conversations of that session, this one among them.</returns>
    public IReadOnlyList<Conversation> Join(ushort tsih, Conversation conversation)
    {
        LastTsih = tsih;
        if (!_byTsih.TryGetValue(tsih, out List<Conversation>? session)) _byTsih[tsih] = session = [];
        session.Add(conversation);
        return session;
    }

    /// <summary>The TSIH that the target gave last.</summary>
    public ushort LastTsih { get; private set; }
}
