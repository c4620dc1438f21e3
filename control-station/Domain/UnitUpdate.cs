namespace VSan.Station.Domain;

/// <summary>A unit that is to be started with another image; the row is gone when it runs it, or when it is not to any more.</summary>
/// <param name="Id">The unit.</param>
/// <param name="ImageId">The image.</param>
/// <param name="Restart">True: it may start again with it now.</param>
public sealed record UnitUpdate(Guid Id, Guid ImageId, bool Restart) : Entity(Id);
