namespace VSan.Iscsi;

/// <summary>A stable piece of native memory that is sent without a copy.</summary>
public interface IPayload
{
    /// <summary>First byte; valid until the last <see cref="OnSent"/>.</summary>
    nint Address { get; }

    /// <summary>The kernel needs the bytes of one <c>Send</c> no longer; once for each <c>Send</c>, also when the connection died.</summary>
    void OnSent();
}
