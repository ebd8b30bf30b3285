from documents.app import main

main()
