using System.Net;

namespace VSan.Tests.EndToEnd.Harness;

/// <summary>Everything that an initiator needs to reach one logical unit.</summary>
internal sealed record HostAccess(IPEndPoint Portal, string Target, string Initiator, int Lun, string? ChapUser = null, string? ChapSecret = null);
