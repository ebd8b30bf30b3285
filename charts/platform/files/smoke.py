print("no walk yet")
